"""Two small guides in two languages with nothing wrong in them, written into a folder for one test to spoil."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FILES: Final = {
    "facts.toml": """
[taps]
source = "A help page"
address = "https://help.example.org/taps"
read_on = 2026-11-01
confidence = "confirmed"

[rumour]
source = "Our own inference"
read_on = 2026-11-02
confidence = "unconfirmed"
""",
    "en/facts.toml": """
[taps]
says = "The switch is on the post."
disagreement = "Another page places it elsewhere."

[rumour]
says = "It may take a few minutes."
""",
    "de/facts.toml": """
[taps]
says = "Der Schalter ist am Beitrag."
disagreement = "Eine andere Seite nennt einen anderen Ort."

[rumour]
says = "Es dauert wohl einige Minuten."
""",
    "en/words.toml": """
where = "Where"

[proofs]
applied = "The record shows it"

[placeholders]
post = "the post"
creator = "the creator"
advertiser = "the advertiser"
days = "the agreed number of"
ends = "the last day"
ad_account = "the ad account"
campaign = "the campaign"
campaign_ends = "the campaign's last day"
""",
    "de/words.toml": """
where = "Wo"

[proofs]
applied = "Der Eintrag zeigt es"

[placeholders]
post = "der Beitrag"
creator = "die Urheberin"
advertiser = "das Werbekonto"
days = "so vielen"
ends = "der letzte Tag"
ad_account = "das Anzeigenkonto"
campaign = "die Kampagne"
campaign_ends = "der letzte Tag der Kampagne"
""",
    "en/make-it.toml": """
title = "Make a code"
summary = "How {post} gets a code."
audience = "creator"
verb = "issue"
finds = ["new code"]

[[reroutes]]
name = "has_one"
situation = "You have a code and it is refused."
to = "mend-it"

[[before]]
name = "public"
says = "The post is public."
how = "Look at the post."
proof = "post_public"
facts = ["taps"]

[[steps]]
name = "switched_on"
title = "Switch it on for {days} days"
where = "On {post}."
do = "Tap the switch. {advertiser} needs it until {ends}."
confirm = "It stays on."
fails = "Wait a little."
fails_to = "mend-it"
proof = "code_there"
facts = ["taps"]

[steps.studio]
where = "In Studio."
do = "Click the switch."
facts = ["rumour"]

[[steps]]
name = "copied"
title = "Copy it"
where = "There, too."
do = "Tap Copy."
confirm = "It can be pasted."
fails = "Copy again."

[[mistakes]]
name = "typed"
says = "Typing it off the screen."
why = "Letters look alike."
already = "Copy it again."

[[questions]]
name = "how_long"
asks = "How long does it work?"
answer = "As long as you choose."
facts = ["rumour"]
""",
    "de/make-it.toml": """
title = "Einen Code erzeugen"
summary = "So bekommt der Beitrag einen Code."
finds = ["neuer Code"]

[reroutes.has_one]
situation = "Sie haben einen Code, und er wird abgelehnt."

[before.public]
says = "Der Beitrag ist öffentlich."
how = "Sehen Sie ihn an."

[steps.switched_on]
title = "Einschalten"
where = "Am Beitrag."
do = "Tippen Sie auf den Schalter, bis {ends}."
confirm = "Er bleibt an."
fails = "Warten Sie etwas."

[steps.switched_on.studio]
where = "In Studio."
do = "Klicken Sie auf den Schalter."

[steps.copied]
title = "Kopieren"
where = "Ebenda."
do = "Tippen Sie auf Kopieren."
confirm = "Er lässt sich einfügen."
fails = "Kopieren Sie noch einmal."

[mistakes.typed]
says = "Ihn abtippen."
why = "Zeichen sehen sich ähnlich."
already = "Kopieren Sie ihn noch einmal."

[questions.how_long]
asks = "Wie lange gilt er?"
answer = "So lange Sie wählen."
""",
    "en/mend-it.toml": """
title = "The code does not work"
summary = "What to try when a code is refused."
audience = "either"
verb = ""
finds = ["invalid code", "code not working"]

[[reroutes]]
name = "has_none"
situation = "You have no code yet."
to = "make-it"

[[steps]]
name = "again"
title = "Paste it again"
where = "In Ads Manager."
do = "Copy the whole code and paste it."
confirm = "It is taken."
fails = "Something else is wrong."
fails_to = "diagnosis"
""",
    "de/mend-it.toml": """
title = "Der Code funktioniert nicht"
summary = "Was man versucht, wenn ein Code abgelehnt wird."
finds = ["ungültiger Code"]

[reroutes.has_none]
situation = "Sie haben noch keinen Code."

[steps.again]
title = "Noch einmal einfügen"
where = "Im Werbeanzeigenmanager."
do = "Kopieren Sie den ganzen Code und fügen Sie ihn ein."
confirm = "Er wird angenommen."
fails = "Etwas anderes stimmt nicht."
""",
}


def written(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Fails where the text to spoil is not there, or more than once."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old, text.count(old))
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")

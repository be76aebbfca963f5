"""A post: its link, and what its creator says of it."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from valetkey.accounts.models import Party
from valetkey.register.models import Post
from valetkey.web.forms.text import TextField

_NOT_SAID: Final = ("unknown", "I am not sure")
"""The register's own word for it, of a visibility as of a medium."""
_YES, _NO = "yes", "no"

_WHO: Final = [
    (Post.Visibility.PUBLIC.value, "Everyone"),
    (Post.Visibility.FRIENDS.value, "Friends only"),
    (Post.Visibility.PRIVATE.value, "Only the account itself"),
]
_GONE: Final = [
    (Post.Visibility.UNDER_REVIEW.value, "Nobody yet: TikTok is reviewing it"),
    (Post.Visibility.REMOVED.value, "Nobody: TikTok took it down or limits it"),
    (Post.Visibility.DELETED.value, "Nobody: it was deleted"),
]
_WHAT: Final = [
    (Post.Medium.VIDEO.value, "A video"),
    (Post.Medium.CAROUSEL.value, "Pictures (carousel)"),
    (Post.Medium.STORY.value, "A story"),
]


def _question(label: str, answers: list[tuple[str, str]], help_text: str = "") -> forms.ChoiceField:
    choices = [*answers, _NOT_SAID]
    return forms.ChoiceField(
        label=label, choices=choices, initial=_NOT_SAID[0], widget=forms.RadioSelect, help_text=help_text
    )


class StatedFacts(forms.Form):
    """What the creator's side says it is. What nobody is sure of stays as it was; TikTok's own answer will tell."""

    visibility = _question("Who can see it?", [*_WHO, *_GONE])
    medium = _question("What is it?", _WHAT)
    ad_authorization = _question(
        "Does the TikTok app offer “Ad authorization” for it?",
        [(_YES, "Yes"), (_NO, "No, it is not there")],
        help_text="Usually found in the app on the post: ··· and then Ad settings.",
    )

    def facts(self) -> dict[str, Any]:
        """As `PostFacts` takes them."""
        said = self.cleaned_data
        offered = {_YES: True, _NO: False}.get(said["ad_authorization"])
        return {
            "visibility": said["visibility"],
            "medium": said["medium"],
            "ad_authorization_available": offered,
        }

    @staticmethod
    def of(post: Post) -> dict[str, str]:
        """What is known now, as the form's beginning."""
        offered = {True: _YES, False: _NO, None: _NOT_SAID[0]}[post.ad_authorization_available]
        return {"visibility": post.visibility, "medium": post.medium, "ad_authorization": offered}


class AddPost(StatedFacts):
    link = TextField(
        label="Link of the post",
        help_text="In the TikTok app: Share > Copy link. Open a short link (vm.tiktok.com) in a browser first: the"
        " whole link has /video/ or /photo/ and a long number in it. The desk never opens it.",
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    caption = TextField(
        label="Caption, or how you call it", required=False, max_length=300, help_text="So that you find it again."
    )
    visibility = _question("Who can see it?", _WHO)
    field_order = ("party", "link", "caption", "visibility", "medium", "ad_authorization")

    def __init__(self, *args: Any, parties: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        if len(parties) > 1:
            choices = [(party.reference, party.name) for party in parties]
            self.fields["party"] = forms.ChoiceField(label="Whose post is it?", choices=choices)
            self.order_fields(self.field_order)

    def whose(self) -> Party:
        chosen = self.cleaned_data.get("party", self.parties[0].reference)
        return next(party for party in self.parties if party.reference == chosen)

"""PURE. The words that name a credential, in English, German, Spanish, French and Portuguese, and those of talk of it.

Written plain: small letters, no accents, look-alikes already folded. A space stands for any separator or none.
"""

from __future__ import annotations

import re
from typing import Final


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(one.split()) for one in text.split(",") if one.strip())


PASSWORD: Final = _listed("""
    password, passwort, kennwort, contrasena, contrasenya, passphrase, passwd, passcode, pasword, passwrd, pword,
    senha, pswd, pwd, psw, pw, mdp, passw, zugangscode, entsperrcode, mot de passe, palavra passe, clave de acceso,
    clave secreta, clave personal, code d acces, mot de pase, mot de pass, mots de passe, losungswort, pasw,
    codewort, secret word, geheimwort, palabra secreta, palavra secreta, mot secret, palabra de paso, senha de
    acesso, clave de entrada, pass word
    """)
"""What follows one of them is a secret, unless it is talk."""

MAYBE: Final = _listed("""
    pass, clave, palavra chave, contra
    """)
"""A ticket, a key, a knack: a secret only where the value looks like one."""

PIN: Final = _listed("""
    pin, handycode, phone code, unlock code, telefoncode, sperrcode, pin code, pin nummer, geheimzahl, code pin,
    codigo pin, geheimnummer, passcode, zugangscode, entsperrcode
    """)

ONE_TIME: Final = _listed("""
    otp, totp, 2fa, 2fa code, mfa code, tan, sms tan, one time password, one time code, onetime code, one time
    passcode, verification code, verify code, security code, confirmation code, login code, log in code, sign in
    code, signin code, sms code, auth code, authentication code, authenticator code, two factor code, two step code,
    access code, text code, bestatigungscode, sicherheitscode, verifizierungscode, verifikationscode, verifizierungs
    code, anmeldecode, freischaltcode, freigabecode, einmalcode, einmal code, einmalpasswort, einmalkennwort,
    prufcode, authentifizierungscode, zwei faktor code, codigo de verificacion, codigo de seguridad, codigo de
    confirmacion, codigo de inicio de sesion, codigo de autenticacion, codigo sms, codigo de un solo uso, clave
    dinamica, code de verification, code de securite, code de confirmation, code de connexion, code de validation,
    code d authentification, code a usage unique, code unique, code sms, codigo de verificacao, codigo de seguranca,
    codigo de confirmacao, codigo de autenticacao, codigo de login, codigo de uso unico, codigo por sms, codigo de
    acceso, codigo de acesso, autenticador, authentificateur, authentifizierungs app, authenticator app
    """)

CODE: Final = _listed("""
    code, codigo, sms, numero, zahlencode, token, authenticator
    """)
"""Codes of any sort: a one-time code where it is six digits, or where the sentence is about signing in."""

RECOVERY: Final = _listed("""
    backup code, backup phrase, back up code, recovery code, recovery key, recovery phrase, seed phrase, rescue
    code, reserve code, emergency code, notfallcode, notfall code, ersatzcode, wiederherstellungscode,
    wiederherstellungs code, wiederherstellungsschlussel, reservecode, codigo de recuperacion, codigo de respaldo,
    codigo de emergencia, codigo de reserva, codigo de recuperacao, codigo de backup, codigo reserva, code de
    recuperation, code de secours, code de sauvegarde, cle de recuperation, clave de recuperacion, chave de
    recuperacao, codigo recuperacion, codigo recuperacao, codigo respaldo, codigo backup, phrase de recup, phrase
    secrete, frase de recuperacion, frase de recuperacao, frase secreta, frase semilla, frase semente,
    wiederherstellungsphrase, single use code, setup key, secret key, code de recup, codigo de rescate, bypass code,
    scratch code, cle secrete, einmalcodes, setup schlussel
    """)

SESSION: Final = _listed("""
    session cookie, session token, session id, session key, access token, refresh token, auth token, authtoken, api
    key, api token, login token, bearer, x tt token, token, sitzungscookie, sitzungs cookie, sitzungs id,
    sitzungstoken, cookie de sesion, token de sesion, id de sesion, cookie de session, jeton de session, jeton,
    cookie de sessao, token de sessao, id da sessao, zugriffstoken, zugangstoken, sitzungs token, 2fa secret, totp
    secret, otp secret, secret key
    """)

COOKIE: Final = _listed("""
    sessionid, sessionid ss, sid tt, sid guard, uid tt, ttwid, mstoken, phpsessid, jsessionid, csrf token,
    csrftoken, cookie, set cookie, authorization, sid, session, auth token, tt csrf token, passport csrf token, sid
    ucp v1, ssid ucp v1, odin tt, sso uid tt, cmpl token, multi sids, store idc
    """)
"""Names of cookies and headers: what stands after their sign keeps somebody signed in."""

LOGIN_DATA: Final = _listed("""
    login, logins, logindaten, login daten, zugangsdaten, anmeldedaten, credentials, creds, user, username, user
    name, usr, benutzer, benutzername, nutzername, usuario, utilisateur, identifiant, datos de acceso, dados de
    acesso, dados de login, utilizador, acces, acceso, accesos, acesso, acessos, zugang
    """)
"""A name and a secret follow, side by side."""

LOGIN: Final = _listed("""
    anmeldung, anmelden, einloggen, signin, account, konto, cuenta, compte, conta, entrar, connexion, connecter,
    identifico, log in, sign in, iniciar sesion, inicia sesion, connecte toi, connectez vous, user pass, entra,
    entre, nutzer
    """)
"""The same, where the secret looks like nothing else."""

FIGURES: Final = (
    ("zero", "oh", "null", "cero"),
    ("one", "eins", "uno", "un", "um", "une"),
    ("two", "zwei", "zwo", "dos", "deux", "dois", "duas"),
    ("three", "drei", "tres", "trois", "três"),
    ("four", "vier", "cuatro", "quatre", "quatro"),
    ("five", "funf", "fünf", "cinco", "cinq"),
    ("six", "sechs", "seis", "meia"),
    ("seven", "sieben", "siete", "sept", "sete"),
    ("eight", "acht", "ocho", "huit", "oito"),
    ("nine", "neun", "nueve", "neuf", "nove"),
)
"""As people spell a code out."""

ENTERING: Final = _listed("""
    log, logs, logg*, login, logins, sign in, signin, signing, unlock*, try, trying, type, typed, enter*, works,
    worked, gets, into, creds, credential*, access, acct, user, pass, hack*, guess*, remember*, usual, same,
    einlog*, eingelogg*, anmeld*, rein, reink*, reing*, drin, probier*, versuch*, tipp*, eintipp*, eingeb*,
    eintrag*, zugang*, entsperr*, gehen, geht, klappt, klappen, funktionier*, benutzer, nutzer, merk*, immer,
    gleiche*, alte, altes, stimmt, entra, entrar, entras, entro, entre, dentro, prueb*, probar, intent*, pon, ponle,
    pones, poner, mete, metes, metele, escrib*, acced*, acceso, ingres*, abre*, abrir, desbloque*, teclea*, usuario,
    funciona*, sirve, siempre, sempre, acuerd*, connect*, connexion, entrer, entres, rentr*, dedans, essay*,
    essaie*, mets, mettre, tape, tapes, taper, ouvr*, acces, deverrouill*, identifiant*, utilisateur, marche,
    toujours, souvien*, pirat*, tent*, test*, bota, botar, digit*, coloc*, coloq*, acess*, loga, logar, logue,
    lembr*, geandert, cambi*, chang*, troquei, mudei, trocar, neue, neues, nueva, nuevo, nouveau, nouvelle, nova,
    novo
    """)
"""Of getting in, and of trying to: beside it stands what one gets in with. A “*” stands for any ending."""

OWN: Final = _listed("""
    dog, dogs, cat, cats, pet, kid, kids, son, sons, daughter*, mum*, mom*, birth*, born, surname, anyone, anybody,
    delete*, secret*, space, spaces, caps, capital*, uppercase, lowercase, dots, hund, hundes, hundename, katze*,
    kater, tochter*, sohn*, geburt*, weitergeb*, weitersag*, niemand*, losch*, geheim*, leerzeichen, zusammen*,
    grossge*, kleinge*, perro*, perra, gato, gata, hijo*, hija*, mascota*, cumple*, nacimiento, borra*, compart*,
    nadie, espacio*, mayuscula*, minuscula*, junto, juntalo, juntas, chien*, chat, chats, fils, fille, anniversaire,
    naissance, efface*, supprim*, personne, espace*, majuscule*, minuscule*, cachorr*, filho, filha, aniversario,
    nascimento, apaga*, ninguem, espaco*, maiuscul*, segredo, separad*, getrennt
    """)
"""What passwords are made of, how they are written, and the wish that nobody learns them."""

SPACES: Final = _listed("""
    space, spaces, leerzeichen, espacio, espacios, espace, espaces, espaco, espacos, spacebar
    """)

ARRIVED: Final = _listed("""
    got, get, getting, came, come, comes, coming, arriv*, receiv*, sent, sends, send, sms, mail*, email*, phone,
    app, authenticator, auth, show*, says, reads, said, pop*, hurry, quick*, fast, expir*, runs, sec, secs, second*,
    enter*, type, login, log, signin, sign, verif*, confirm*, flips, changes, another, message, device, code, need,
    needs, asked, asks, asking, kam*, komm*, gekommen, angekommen, ankam, bekomm*, bekam, erhalt*, geschickt,
    schickt*, gesendet, handy, zeigt, angezeigt, anzeigt, steht, schnell, beeil*, sek, sekunden, ablauf*, lauft,
    abgelaufen, tipp*, eingeb*, eintipp*, gib, anmeld*, einlogg*, bestatig*, nachricht, zahl, nummer, gerat, grad,
    gerade, eben, lleg*, recib*, mando, mandaron, mandan, envi*, salio, sale, aparec*, pone, ponlo, muestra*, dice,
    movil, correo, corre, prisa, rapid*, caduc*, vence, metel*, escrib*, segundos, entrar, acced*, mensaje, codigo,
    dispositivo, recu, recevoir, recoi*, affich*, indique, dit, tel, portable, vite, depech*, telephone, telefon*,
    connect*, connexion, marque, appareil, cheg*, receb*, mandou, mandaram, manda, veio, mostr*, celular, telemovel,
    whats*, zap, logo, digit*, coloc*, mensagem, text*, fois, vez, autre, otro, outro, andere, time, aqui, ici,
    insta, pede, pediu, pide, pidio, demande, verlangt, wants, ya, ja, ca, put in, sagt, diz, fator, screen, use,
    usa, verwend*, benutz*, nutze, utilis*, sign in, anzumelden, sesion, sessao, faktor, factor, waiting, other,
    number*, six, sechs*, ziffern, cifras, seis, chiffres, numer*, zahlen
    """)
"""Of a code's coming, its showing and its running out."""

TEXTED: Final = _listed("""
    sms, text, texted, authenticator, texto, otp, 2fa, verif*, confirm*, whats, whatsapp, login, log in, einlogg*,
    anmeld*, bestatig*, connexion, connect*, entrar, acced*, unlock*, entsperr*, desbloq*, deverrouill*, logar,
    code, codigo, pin, phone with, lock screen, lockscreen, handy mit, sperrbildschirm
    """)
"""The same, where four digits are enough."""

NUMBERED: Final = _listed("""
    agreement, end*, acaba en, acaba em, acaba con, termin*, fini*, track*, parcel, paket*, paquete, colis, pacote,
    encomenda, rastre*, contract*, vertrag*, contrat*, nota, rechnung*, factur*, fatura, po, iban, vat, ust, siret,
    cnpj, cpf, cif, nif, dni, plz, cep, bestell*, auftrag*, ticket*, billet*, boleto, flight, flug, vuelo, vol, voo,
    zug, train, tren, trem, ref, reference*, referenz, referencia, ids, id, budget*, mediabudget, verba,
    presupuesto, honorar, fee, price, preis, precio, prix, preco, sku, batch, charge, model*, version, licen*,
    policy, claim, case, caso, dossier, room, zimmer, habitacion, chambre, quarto, zip, buchung*, booking*, reserv*,
    localizador, pages, insgesamt, total, digicode, isbn, ean, barcode, vorgang*, aktenz*, serial*, protocolo,
    protokoll, anuncio, gast*, spend, spent, rufnummer, llama*, appelle, ruf, call, liga, number is, siren, crm,
    ungultig*, invalid*, faulty, iso, din, rfc, liefer*, deliver*, entrega*, livraison*, views, aufrufe, vistas,
    visitas, vues, followers, likes, reach, impression*, customer*, kunde*
    """)
"""Things that have a number: beside them, digits are theirs."""

NAMED: Final = _listed("""
    handle*, pseudo, apodo, palabras, mots, palavras, campaign*, kampagne*, campana*, campagne*, campanha*,
    hashtag*, keyword*, song, sound, lied, cancion, trilha, musique, soundtrack, chanson, musica, file, files,
    datei*, archivo*, fichier*, arquivo*, model*, sku, profil*, perfil, formerly, fruher, before, antes, avant,
    ancien*, antig*, version, project*, projekt*, playlist, caption, username, channel, kanal, folder, ordner,
    carpeta, dossier, pasta, tag, etiquet*, follow*, marca, brief*, asset*, adset*, ads manager, ad manager,
    werbemanager
    """)
"""Things that have a name, and the name may have digits."""

MISSPELT: Final = _listed("""
    password, passwort, kennwort, contrasena, senha, passphrase
    """)
"""Known with one slip of the finger, too."""

RUN_ON: Final = _listed("""
    password, passwort, kennwort, contrasena, motdepasse, senha
    """)
"""Known inside one long word, too."""

NO_CODE: Final = frozenset(
    _listed("""
    ad, area, article, artikel, authorisation, authorization, autorisierungs, bar, bestell, black, booking, cep,
    city, color, colour, commande, couleur, country, coupon, cupom, currency, customer, desconto, descuento,
    discount, dress, erreur, erro, error, exit, facture, farb, fehler, gift, gutschein, house, http, invoice, item,
    kunden, lander, language, morse, order, pais, pays, pedido, post, postal, postleit, product, producto, produit,
    produkt, produto, promo, promocional, promotionnel, qr, quell, rabatt, reduc, reduction, referral, sort, source,
    spark, status, suivi, swift, tracking, video, vorwahl, voucher, zip
    """)
)
"""Before or after “code”: no code that signs anybody in."""

NO_PASSWORD: Final = frozenset(
    _listed("""
    advice, andern, app, box, change, changes, field, fields, generator, gerenciador, gestionnaire, gestor, hint,
    hints, hygiene, length, list, manager, managers, page, policies, policy, politica, politicas, politique, prompt,
    protection, question, questions, recovery, regeln, reglas, regles, regras, requirement, requirements, reset,
    richtlinie, richtlinien, rule, rules, safe, screen, settings, sharing, strength, team, tip, tips, vault,
    wechsel, zurucksetzen
    """)
)
"""After “password”: it is about passwords, and none follows."""

SIGNING_IN: Final = frozenset(
    _listed("""
    sms, text, texted, whatsapp, phone, handy, telefono, telefone, telephone, mobile, login, log, logging, logged,
    sign, signing, signin, verify, verifying, verification, confirm, einloggen, anmelden, anzumelden, einzuloggen,
    anmeldung, eingeloggt, bestatigen, sesion, entrar, iniciar, acceder, connecter, connexion, connecte, sessao,
    acessar, authenticator
    """)
)
"""A sentence that has one of them and a code speaks of signing in."""

IS: Final = frozenset(
    _listed("""
    are, be, bleibt, dice, dit, diz, equals, es, est, fica, foi, heisst, is, ist, lautet, queda, reads, reste, sagt,
    sao, says, sera, serait, seria, shows, sind, son, sont, stays, war, ware, was, zeigt, c'est, it's, cest, é,
    siendo, sendo, sigue, continua, continue, remains
    """)
)

TO: Final = frozenset(
    _listed("""
    a, als, as, auf, avec, com, comme, como, con, en, mit, nimm, para, por, to, usa, use, utilise, with, zu
    """)
)
"""“Changed the password to …”."""

OF: Final = frozenset(
    _listed("""
    for, the, of, to, my, our, your, do, da, de, del, la, el, du, le, pour, para, por, fur, furs, vom, von, zum,
    meins, account, konto, cuenta, conta, compte, tiktok, instagram, insta, studio, profil, profile, perfil, login,
    app, new, old, neu, neue, neues, altes, nuevo, nueva, nouveau, novo, nova, actual, aktuell, aktuelles, sessao,
    sesion, session, sitzung, access, acceso, acesso, d'acces
    """)
)
"""“The password for our account”: whose it is, and no more."""

STILL: Final = frozenset(
    _listed("""
    actually, again, agora, ahora, ainda, aktuell, also, always, apenas, auf, aun, bis, currently, dieses, einfach,
    encore, folgendes, following, for, fur, immer, jetzt, just, juste, maintenant, momentan, neu, new, noch, now,
    nur, only, probably, sempre, set, siempre, simply, so, solo, still, the, this, to, todavia, toujours, tout,
    simplement, simplemente, simplesmente, literally, basically, really, schlicht, weiterhin, wieder, wohl
    """)
)
"""What may stand between “is” and the value."""

NOT: Final = frozenset(
    _listed("""
    no, not, never, kein, keine, nicht, nie, niemals, ohne, without, sin, nunca, sans, jamais, pas, sem, nao, don't
    """)
)

_ENGLISH: Final = _listed("""
    a, an, the, this, that, these, those, my, your, our, his, her, their, its, it, he, she, we, you, they, i, me,
    us, them, and, or, but, if, alone, when, where, who, what, why, how, not, no, never, none, nothing, nobody,
    always, please, ask, asks, see, look, in, on, at, by, for, from, of, to, with, without, as, into, about, after,
    before, than, then, there, here, is, are, was, were, be, been, being, has, have, had, do, does, did, can, could,
    may, might, must, shall, should, will, would, need, needs, needed, required, mandatory, optional, wrong, right,
    correct, incorrect, invalid, valid, okay, ok, fine, good, bad, old, new, same, different, strong, weak, safe,
    secure, unsafe, secret, private, personal, confidential, hidden, unknown, known, missing, lost, gone, empty,
    blank, set, unset, sent, done, pending, mine, yours, ours, theirs, sensitive, unique, important, long, short,
    longer, shorter, complicated, simple, yes, only, just, still, too, also, again, now, today, tomorrow, yesterday,
    soon, later, once, twice, dead, useless, pointless, everything, something, anything, enough, useful, back,
    first, next, last, available, off, up, down, out, over, better, best, common, public, easy, hard, clear, sacred,
    key, tbd, n/a, na, null, true, false, call, open, closed, unchanged, changed, stolen, leaked, expired,
    forgotten, protected, encrypted, reset, whatever, change, keep, use, don't, necessary, very, really, super, way,
    pretty, quite, kinda, honestly, all, some, any, more, because, since, while, during, let, get, got, make, know,
    think, want, am, so, lol, thing, one, every
    """)

_GERMAN: Final = _listed("""
    der, die, das, den, dem, des, ein, eine, einen, einem, einer, mein, meine, dein, deine, ihr, ihre, sein, seine,
    unser, unsere, es, er, sie, wir, ich, du, und, oder, aber, wenn, wann, wo, wer, was, warum, wie, nicht, kein,
    keine, keins, nie, niemals, nichts, niemand, immer, bitte, siehe, frag, frage, im, in, an, am, auf, bei, von,
    vom, zu, zum, zur, mit, ohne, als, fur, uber, nach, vor, aus, dann, dort, hier, ist, sind, war, waren, hat,
    haben, kann, konnen, muss, mussen, soll, sollen, darf, wird, werden, brauche, brauchen, notig, erforderlich,
    pflicht, freiwillig, falsch, richtig, korrekt, ungultig, gultig, gut, schlecht, alt, neu, gleich, anders, stark,
    schwach, sicher, unsicher, geheim, privat, personlich, vertraulich, unbekannt, bekannt, verloren, weg, leer,
    gesetzt, deins, meins, ja, nein, nur, noch, auch, wieder, jetzt, heute, morgen, gestern, bald, spater, tabu,
    egal, wichtig, lang, kurz, kompliziert, einfach, einzigartig, vergessen, geandert, abgelaufen, verschlusselt,
    geschutzt, geklaut, dasselbe, derselbe, folgt, unverandert, sache, gar, allein, alleine, sehr, viel, ganz,
    total, echt, mal, man, mir, mich, dir, dich, uns, euch, so, alles, mehr, weil, dass
    """)

_SPANISH: Final = _listed("""
    el, la, los, las, un, una, unos, unas, lo, mi, tu, su, nuestra, nuestro, y, o, u, pero, si, cuando, donde,
    quien, que, por, porque, como, no, nunca, ninguna, ninguno, nada, nadie, siempre, favor, de, del, al, en, con,
    sin, para, sobre, despues, antes, aqui, alli, es, son, era, fue, ha, han, puede, debe, sera, necesita,
    necesaria, obligatoria, opcional, incorrecta, correcta, erronea, valida, invalida, buena, mala, vieja, antigua,
    nueva, misma, distinta, fuerte, debil, segura, insegura, secreta, privada, personal, confidencial, desconocida,
    perdida, vacia, tuya, mia, solo, tambien, otra, ahora, hoy, manana, ayer, luego, pronto, importante, larga,
    corta, simple, unica, facil, dificil, clara, clave, igual, diferente, necesario, obligatorio, incorrecto,
    correcto, muy, mas, todo, toda, se, le, me, te, ya, hay, esta, estoy, tengo, super, tan, eso
    """)

_FRENCH: Final = _listed("""
    le, la, les, un, une, des, du, de, mon, ma, mes, ton, ta, tes, son, sa, ses, notre, nos, votre, vos, leur, et,
    ou, mais, si, quand, qui, que, pourquoi, comme, ne, pas, jamais, aucun, aucune, rien, personne, toujours, merci,
    voir, chez, dans, sur, par, pour, avec, sans, avant, apres, ici, est, sont, etait, a, ont, peut, doit, sera,
    faut, requis, obligatoire, facultatif, faux, fausse, correct, incorrect, valide, invalide, bon, mauvais, vieux,
    ancien, nouveau, nouvelle, meme, different, fort, faible, secret, prive, personnel, confidentiel, inconnu,
    perdu, vide, oui, non, seulement, aussi, encore, maintenant, demain, hier, bientot, important, long, court,
    simple, unique, facile, difficile, oublie, strictement, necessaire, obligatoires, trop, tres, complique,
    compliquee, super, plus, tout, moi, toi, lui, nous, vous, je, tu, il, elle, on, ca, bien, assez, vraiment
    """)

_PORTUGUESE: Final = _listed("""
    o, os, as, um, uma, uns, umas, meu, minha, teu, tua, seu, sua, nosso, nossa, e, ou, mas, se, quando, onde, quem,
    porque, nao, nunca, nenhum, nenhuma, nada, ninguem, sempre, favor, do, da, dos, das, no, na, nos, nas, em, com,
    sem, por, para, sobre, depois, antes, aqui, ali, sao, era, foi, tem, pode, deve, precisa, necessaria,
    obrigatoria, opcional, errada, incorreta, correta, certa, valida, invalida, boa, ma, velha, antiga, nova, mesma,
    diferente, forte, fraca, segura, insegura, secreta, privada, pessoal, confidencial, desconhecida, perdida,
    vazia, sim, so, tambem, outra, agora, hoje, amanha, ontem, logo, importante, longa, curta, simples, unica,
    facil, dificil, necessario, obrigatorio, muito, mais, tudo, bem, eu, voce, ele, ela, isso, esta, ta, ja, super,
    tao, me
    """)

TALK: Final = frozenset((*_ENGLISH, *_GERMAN, *_SPANISH, *_FRENCH, *_PORTUGUESE))
"""Who writes one of these after “password:” talks about it. Not a dictionary: the words that talk is made of."""

ENDINGS: Final = re.compile(
    r"(?:[^aeiou]ed|ing|able|ible|ful|less|ory|ary|ous|lich|bar|ado|ada|ido|ida|ivel|avel|elle)$"
)
"""“protected”, “verboten”, “olvidada”: what is said of a password, where no sign tells it from one."""

NAMES: Final = frozenset(
    _listed("""
    1password, 2fa, 3d, 4k, 5g, argon2, base64, bcrypt, fido2, h264, keepass2, mp4, oauth2, office365, sha256, u2f,
    web2, web3, windows10, windows11
    """)
)
"""Letters with digits that everybody writes."""

MONTHS: Final = frozenset(
    _listed("""
    jan, january, januar, janvier, janeiro, enero, ene, feb, february, februar, fevrier, février, fevereiro,
    febrero, fev, mar, march, märz, maerz, mars, marzo, março, marco, apr, april, avril, abril, abr, avr, may, mai,
    mayo, maio, jun, june, juni, juin, junio, junho, jul, july, juli, juillet, julio, julho, aug, august, août,
    aout, agosto, ago, sep, sept, september, septembre, septiembre, setembro, set, oct, october, oktober, okt,
    octobre, octubre, outubro, out, nov, november, novembre, noviembre, novembro, dec, dez, december, dezember,
    décembre, diciembre, dezembro, dic
    """)
)

"""Secrets are taken out of text whatever stands around them; ordinary text stays as it is; the time is linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokendial.domain.secrets import masked

ALNUM = "Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3"
HEX = "0123456789abcdef" * 4
JWT = ".".join(("eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"))
PEM = f"-----BEGIN RSA {'PRIVATE'} KEY-----\n{ALNUM * 2}\n{ALNUM}==\n-----END RSA {'PRIVATE'} KEY-----"
SSH = f"-----BEGIN OPENSSH {'PRIVATE'} KEY-----\n{ALNUM * 3}\n-----END OPENSSH {'PRIVATE'} KEY-----"

# Put together here, so that no scanner of repositories takes them for real ones.
SHAPES: dict[str, tuple[str, str]] = {
    "openai": (f"sk-{ALNUM}", "API key"),
    "openai project": (f"sk-proj-{ALNUM}_{ALNUM}", "API key"),
    "anthropic": (f"sk-ant-api03-{ALNUM}-{ALNUM}AA", "API key"),
    "openrouter": (f"sk-or-v1-{HEX}", "API key"),
    "xai": (f"xai-{ALNUM}", "API key"),
    "groq": (f"gsk_{ALNUM}", "API key"),
    "github classic": (f"gh{'p'}_{ALNUM[:36]}", "GitHub token"),
    "github oauth": (f"gh{'o'}_{ALNUM[:36]}", "GitHub token"),
    "github fine": (f"github{'_pat'}_{ALNUM[:22]}_{ALNUM}", "GitHub token"),
    "gitlab": (f"gl{'pat'}-{ALNUM[:20]}", "GitLab token"),
    "aws": (f"AKIA{'IOSFODNN7EXAMPLE'}", "AWS key"),
    "google": (f"AIza{ALNUM[:35]}", "Google key"),
    "google token": (f"ya29.{ALNUM}", "Google token"),
    "slack bot": (f"xox{'b'}-123456789012-123456789012-{ALNUM[:24]}", "Slack token"),
    "slack user": (f"xox{'p'}-123456789012-{ALNUM[:24]}", "Slack token"),
    "stripe live": (f"sk_{'live'}_{ALNUM[:24]}", "Stripe key"),
    "stripe restricted": (f"rk_{'live'}_{ALNUM[:24]}", "Stripe key"),
    "jwt": (JWT, "JWT"),
    "pem": (PEM, "private key"),
    "ssh": (SSH, "private key"),
    "npm": (f"npm_{ALNUM[:36]}", "npm token"),
    "pypi": (f"pypi-AgEIcHlwaS5vcmc{ALNUM}", "PyPI token"),
    "hugging face": (f"hf_{ALNUM[:34]}", "Hugging Face token"),
    "sendgrid": (f"SG.{ALNUM[:22]}.{ALNUM}", "SendGrid key"),
    "twilio": (f"SK{HEX[:32]}", "Twilio key"),
    "digitalocean": (f"dop_v1_{HEX}", "DigitalOcean token"),
    "telegram": (f"123456789:AA{ALNUM[:33]}", "Telegram token"),
    "vault": (f"hvs.{ALNUM}", "Vault token"),
    "docker": (f"dckr_pat_{ALNUM}", "Docker token"),
    "age": (f"AGE-SECRET-KEY-1{ALNUM.upper()}", "age key"),
}
# Text, what of it must go, what it becomes.
IN_CONTEXT: list[tuple[str, str, str]] = [
    ("Authorization: Bearer abcdef.123456-xyz", "abcdef.123456-xyz", "Authorization: [credentials]"),
    ('"Authorization": "Basic dXNlcjpwYXNzMTIz"', "dXNlcjpwYXNzMTIz", '"Authorization": "[credentials]"'),
    ("send Bearer 0123456789abcdef0123 please", "0123456789abcdef0123", "send Bearer [token] please"),
    ("https://bob:s3cret@example.org/x", "s3cret", "https://[credentials]@example.org/x"),
    ("postgres://app:p@ss:w0rd@db:5432/shop", "p@ss:w0rd", "postgres://[credentials]@db:5432/shop"),
    ("mongodb+srv://u:pw@c.example.net", "u:pw", "mongodb+srv://[credentials]@c.example.net"),
    ("redis://:only-a-password@cache:6379", "only-a-password", "redis://[credentials]@cache:6379"),
    ("curl -u bob:hunter22 http://x", "hunter22", "curl -u [credentials] http://x"),
    ("password=hunter2", "hunter2", "password=[secret]"),
    ("DB_PASSWORD: correcthorse", "correcthorse", "DB_PASSWORD: [secret]"),
    ("my password: 'correct horse battery staple'", "battery", "my password: '[secret]'"),
    ('{"api_key": "AbCd1234"}', "AbCd1234", '{"api_key": "[secret]"}'),
    (r'{\"password\": \"hunter2\"}', "hunter2", r'{\"password\": \"[secret]\"}'),
    ("clientSecret: 'q8~XyZ.12-34'", "q8~XyZ", "clientSecret: '[secret]'"),
    ("token: 9f8e7d6c5b4a3210", "9f8e7d6c5b4a3210", "token: [secret]"),
    ("GET /?token=abc123def456&page=2", "abc123def456", "GET /?token=[secret]&page=2"),
    ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY", "wJalrXUtnFEMI", "aws_secret_access_key = [secret]"),
    ("Server=db;User Id=sa;Password=P@ssw0rd!;", "P@ssw0rd!", "Server=db;User Id=sa;Password=[secret];"),
    ("//registry.example.org/:_authToken=1234-abcd-zz", "1234-abcd-zz", "//registry.example.org/:_authToken=[secret]"),
    ("machine h login bob password tr0ub4dor", "tr0ub4dor", "machine h login bob password [password]"),
    (f"https://hooks.slack.com/services/T0/B0/{ALNUM}", ALNUM, "https://hooks.slack.com/[Slack address]"),
    ("DefaultEndpoints;AccountKey=Zm9vYmFyYmF6cXV4MTIz==;", "Zm9vYmFy", "DefaultEndpoints;AccountKey=[secret];"),
    ("https://b.example/x?X-Amz-Signature=0123456789abcdef01&y=1", "0123456789abcdef01",
     "https://b.example/x?X-Amz-Signature=[signature]&y=1"),
]  # fmt: skip
HARMLESS = [
    "3f2c9a1e-1111-2222-3333-abcdefabcdef",
    "commit 8aa109e5c0d5b1b1d2c3d4e5f60718293a4b5c6d broke it",
    "sha256:" + HEX,
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    "integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
    "def login(user: str, password: str) -> Token:",
    "password = generate_password(12)",
    "token = parser.next_token",
    "const token = await getToken();",
    'token = os.environ["TOKEN"]',
    "login(password=password, token=self.token)",
    "interface Config { token: string; password?: string | null }",
    "max_tokens: 4096, input_tokens=1200000",
    "password: ${{ secrets.DB_PASSWORD }}",
    "curl -H 'Authorization: Bearer $TOKEN' http://localhost:8080/a",
    "http://localhost:3000/@vite/client",
    "git@github.com:someone/project.git and user@example.org",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 bob@laptop",
    "the disk-usage-of-the-whole-machine task-manager-with-a-long-name-1",
    "Basic usage of the bearer authentication in general",
    "secret sauce, a token of thanks, and the password field",
    "npm_config_registry and hf_hub_download and sk-learn",
    "eyJust a word",
    "keyboard: qwertz, monkey = banana123",
    "from tokendial.domain.secrets import masked",
    "password is wrong: invalid",
    "| key | value |\n| --- | --- |\n| token | abc |",
]


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("around", ["{}", "use {} now", "KEY={}", '{{"k": "{}"}}', "({}),", "`{}`", "\n{}\n", "x={};y"])
def test_every_shape_is_masked_wherever_it_stands(name: str, around: str) -> None:
    secret, label = SHAPES[name]
    found = masked(around.format(secret), 5000)
    assert found.text == around.format(f"[{label}]")
    assert (found.cut, found.secrets) == (False, 1)


@pytest.mark.parametrize(("text", "secret", "shown"), IN_CONTEXT)
def test_what_only_its_place_gives_away_is_masked(text: str, secret: str, shown: str) -> None:
    assert secret in text
    assert masked(text, 5000).text == shown


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_stays(text: str) -> None:
    assert masked(text, 5000) == (text, False, 0)


@pytest.mark.parametrize("name", SHAPES)
def test_a_cut_never_leaves_a_part_of_a_secret(name: str) -> None:
    secret, label = SHAPES[name]
    text = f"some words {secret} and more"
    for most in range(len(text) + 1):
        found = masked(text, most)
        if most <= 11:
            assert found.text == text[:most]
        else:
            assert found.text == f"some words [{label}]{text[11 + len(secret) : max(most, 11 + len(secret))]}"
        assert found.cut is (most < len(text) and found.text != f"some words [{label}] and more")


def test_a_key_without_its_end_is_masked_as_far_as_it_goes() -> None:
    text = PEM.rpartition("\n")[0] + "\n\nand then some words"
    assert masked(text, 5000).text == "[private key]and then some words"
    begin = PEM.partition("\n")[0]
    assert (
        masked(f"The line {begin} is the first of a key.", 5000).text == "The line [private key]is the first of a key."
    )


def test_overlapping_finds_are_one() -> None:
    found = masked(f"export API_KEY=sk-{ALNUM} https://u:gh{'p'}_{ALNUM}@h/", 5000)
    assert (found.text, found.secrets) == ("export API_KEY=[API key] https://[credentials]@h/", 2)


@given(
    before=st.text(max_size=60), after=st.text(max_size=60), name=st.sampled_from(sorted(SHAPES)),
    most=st.integers(0, 400),
)  # fmt: skip
def test_no_surrounding_text_saves_a_secret(before: str, after: str, name: str, most: int) -> None:
    secret, _ = SHAPES[name]
    middle = secret.splitlines()[-2] if "\n" in secret else secret[-12:]
    assert middle not in masked(f"{before} {secret} {after}", most).text.replace(before, "").replace(after, "")


@given(st.text(alphabet="aeyJsk-_.:/@='\" \nBGINPRVATEKpwdtoken0", max_size=400), st.integers(0, 500))
def test_what_is_shown_is_never_longer_than_the_text_but_for_the_names(text: str, most: int) -> None:
    found = masked(text, most)
    assert len(found.text) <= min(len(text), most) + 24 * found.secrets
    if not found.secrets:
        assert found.text == text[:most]


PIECES = (
    "password=", "token : ", "://a:", "://:", "://::@", "eyJ", "eyJaaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "sk-",
    "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAA", "password='x password=\"", "login a ", "login a\n password ",
    "Authorization: ", "Authorization: Bearer ", " -u a:", "bearer  ", "a", " ", '\\"', "SG." + "a" * 64, "xapp-",
    "secret\t\t\t", "hooks.slack.com/services/", "api/webhooks/1", "[", "\n", "\u202e", "é",
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3))
def test_the_time_is_linear_in_the_length(pieces: list[str]) -> None:
    """A hundred thousand characters of whatever is repeated take far less than what a square would (minutes)."""
    unit = "".join(pieces)
    start = time.process_time()
    masked(unit * (100_000 // len(unit) + 1), 100_000)
    assert time.process_time() - start < 5

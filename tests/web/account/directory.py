"""A directory of our own making, which answers on loopback as OpenID Connect says."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug import Request, Response
from werkzeug.serving import make_server
from werkzeug.utils import redirect

CLIENT, SECRET = "wpound-client", "directory-secret"


class Directory:
    """An identity provider: whoever comes is the person of ``claims``; what it was asked is in ``asked``."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "42", "email": "ann@example.org", "email_verified": True}
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signing_key = self.key
        self.asked: dict[str, str] = {}
        self.issuer = ""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        answers: dict[str, Callable[[Request], Any]] = {
            "/.well-known/openid-configuration": self.describe,
            "/keys": lambda request: {"keys": [self.key.as_dict(private=False)]},
            "/token": self.give_token,
            "/authorize": self.ask_person,
        }
        answer = answers[request.path](request) if request.path in answers else Response(status=404)
        if not isinstance(answer, Response):
            answer = Response(json.dumps(answer), mimetype="application/json")
        return answer(environ, start_response)

    def ask_person(self, request: Request) -> Response:
        """Ask whether we may be told who they are; the answer leads back to where we asked it to."""
        if request.method == "POST":
            return redirect(
                f"{request.args['redirect_uri']}?{urlencode({'code': 'c', 'state': request.args['state']})}"
            )
        self.asked = dict(request.args)
        page = (
            f"<title>Directory</title><p>{escape(self.claims['email'])}<form method=post><button>Allow</button></form>"
        )
        return Response(page, mimetype="text/html")

    def describe(self, request: Request) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def give_token(self, request: Request) -> dict[str, Any]:
        assert request.authorization is not None
        assert (request.authorization.username, request.authorization.password) == (CLIENT, SECRET)
        self.asked |= {"code_verifier": request.form["code_verifier"]}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": self.asked["nonce"]}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims | self.claims, self.signing_key)
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}


@contextmanager
def answering() -> Iterator[Directory]:
    """A directory that answers for as long as a block lasts."""
    provider = Directory()
    server = make_server("127.0.0.1", 0, provider, threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.port}"
    # It looks this often whether it is to stop, and every test would wait for that.
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

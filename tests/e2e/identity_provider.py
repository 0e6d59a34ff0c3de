"""An identity provider for tests: OpenID Connect with the authorisation code flow, PKCE and RS256, by
the standard library and the program openssl.

It signs in at once whoever stands in the file that its first argument names, a JSON object of claims;
`"wrong"` there names what it does wrong. It prints its address on a line.
"""

import base64
import hashlib
import http.server
import json
import pathlib
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.parse

CLIENT, SECRET = "cadastre", "a secret of two"
person = pathlib.Path(sys.argv[1])
folder = tempfile.TemporaryDirectory()
key = pathlib.Path(folder.name) / "key.pem"
codes = {}


def openssl(*arguments, given=None):
    command = ["openssl", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def text(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def signed(claims, key=key):
    parts = [{"alg": "RS256", "typ": "JWT", "kid": "one"}, claims]
    body = ".".join(text(json.dumps(part).encode()) for part in parts)
    return f"{body}.{text(openssl('dgst', '-sha256', '-sign', str(key), given=body.encode()))}"


class Provider(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        asked = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "userinfo_endpoint": f"{issuer}/userinfo",
                    "jwks_uri": f"{issuer}/keys",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )
        elif url.path == "/keys":
            modulus = bytes.fromhex(openssl("rsa", "-in", str(key), "-noout", "-modulus").decode().split("=")[1])
            self.answer({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", "n": text(modulus), "e": "AQAB"}]})
        elif url.path == "/authorize":
            self.authorize(asked)
        elif url.path == "/userinfo":
            claims = json.loads(person.read_text())
            self.answer({"sub": claims["sub"], **claims.get("told", {})})
        else:
            self.send_error(404)

    def authorize(self, asked):
        assert asked["client_id"] == CLIENT and "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        codes[code] = asked
        answer = {"code": code, "state": asked["state"]}
        if wrong() == "refuses":
            answer = {"error": "access_denied", "state": asked["state"]}
        if wrong() == "state":
            answer["state"] = "another"
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urllib.parse.urlencode(answer)}")
        self.end_headers()

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        given = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode()))
        asked = codes.pop(given["code"])
        known = base64.b64encode(urllib.parse.quote_plus(CLIENT).encode() + b":" + urllib.parse.quote_plus(SECRET).encode())
        assert self.headers["Authorization"] == f"Basic {known.decode()}", self.headers["Authorization"]
        assert given["redirect_uri"] == asked["redirect_uri"]
        challenge = text(hashlib.sha256(given["code_verifier"].encode()).digest())
        assert challenge == asked["code_challenge"]
        claims = {name: value for name, value in json.loads(person.read_text()).items() if name not in ("wrong", "told")}
        now = int(time.time())
        claims |= {"iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        signer = key
        if wrong() == "nonce":
            claims["nonce"] = "another"
        if wrong() == "audience":
            claims["aud"] = "another"
        if wrong() == "expired":
            claims |= {"iat": now - 120, "exp": now - 60}
        if wrong() == "key":
            signer = key.with_name("other.pem")
            signer.write_bytes(openssl("genrsa", "2048"))
        token = signed(claims, signer)
        self.answer({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token})

    def answer(self, document):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, *_):
        pass


def wrong():
    return json.loads(person.read_text()).get("wrong")


key.write_bytes(openssl("genrsa", "2048"))
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
issuer = f"http://127.0.0.1:{server.server_port}"
print(issuer, flush=True)
server.serve_forever()

"""The server adapter behind TLS, and before what only seems to speak it."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
from impostors import answering, babble, hang_up
from native_process import NativeServer
from zakaz.errors import SettingsError
from zakaz.warehouse.server import ServerWarehouse
from zakaz.warehouse.url import WarehouseUrl, warehouse_url


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Give a self-signed certificate for localhost and its key."""
    pem, key = tmp_path / "server.pem", tmp_path / "server.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(key), "-out", str(pem)],
        stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=60,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )  # fmt: skip
    return pem, key


def secure(host: str, port: int, ca_file: Path | None = None) -> WarehouseUrl:
    environ = {"ZAKAZ_WAREHOUSE_URL": f"clickhouses://{host}:{port}/zakaz"}
    return warehouse_url(environ | ({"CLICKHOUSE_CA_FILE": str(ca_file)} if ca_file else {}))


def test_an_untrusted_certificate_is_refused(certificate: tuple[Path, Path]) -> None:
    """A self-signed or misnamed certificate is exit 78 and names the CA variable."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with answering(hang_up, context) as port:
        for url in (secure("localhost", port), secure("127.0.0.1", port, certificate[0])):
            with pytest.raises(SettingsError, match="CLICKHOUSE_CA_FILE") as caught:
                ServerWarehouse(url)
            assert "is not trusted" in str(caught.value)


def test_a_trusted_certificate_opens_an_encrypted_connection(
    certificate: tuple[Path, Path], native_server: NativeServer
) -> None:
    """With the authority's file the whole protocol runs through TLS."""

    def relay(client: socket.socket) -> None:
        with socket.create_connection((native_server.host, native_server.port)) as behind:
            answers = threading.Thread(target=pump, args=(behind, client), daemon=True)
            answers.start()
            pump(client, behind)
            answers.join(5)

    def pump(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with (
        answering(relay, context) as port,
        ServerWarehouse(secure("localhost", port, certificate[0])) as opened,
    ):
        assert opened.query("SELECT {s:String}", {"s": "шифр"}).scalar() == "шифр"


@pytest.mark.parametrize("broken", ["no TLS at the port", "no certificate in the file"])
def test_wrong_tls_settings_are_configuration(tmp_path: Path, broken: str) -> None:
    """TLS spoken to a plain port, or a CA file that is none, is exit 78."""
    given: Path | None = None
    if broken == "no certificate in the file":
        given = tmp_path / "ca.pem"
        given.write_text("no certificate")
    with answering(babble) as port, pytest.raises(SettingsError) as caught:
        ServerWarehouse(secure("localhost", port, given))
    assert caught.value.exit_code == 78

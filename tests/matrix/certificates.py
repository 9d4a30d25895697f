# SPDX-License-Identifier: MIT
"""certificates.py FOLDER - makes an authority of the tests' own (ca.pem) and certificates for 127.0.0.1, each a file with
its key: good.pem, expired.pem, other.pem (for another name), stranger.pem (of another authority). Run with the Python of
tools.python(), which has the package cryptography."""
import datetime
import ipaddress
import os
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


def named(text):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def issue(subject, key, issuer, issuer_key, end, host=None):
    builder = (x509.CertificateBuilder().subject_name(named(subject)).issuer_name(named(issuer))
               .public_key(key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(NOW - 10 * DAY).not_valid_after(end)
               .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True))
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([host]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def main(folder):
    authorities = {}
    for name in ("ca", "stranger-ca"):
        key = ec.generate_private_key(ec.SECP256R1())
        authorities[name] = key
        with open(os.path.join(folder, name + ".pem"), "wb") as f:
            f.write(pem(issue(name, key, name, key, NOW + DAY)))
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    for name, authority, end, host in (("good", "ca", NOW + DAY, loopback), ("expired", "ca", NOW - DAY, loopback),
                                       ("other", "ca", NOW + DAY, x509.DNSName("elsewhere.example")),
                                       ("stranger", "stranger-ca", NOW + DAY, loopback)):
        key = ec.generate_private_key(ec.SECP256R1())
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                   serialization.NoEncryption())
        with open(os.path.join(folder, name + ".pem"), "wb") as f:
            f.write(secret + pem(issue(name, key, authority, authorities[authority], end, host)))


if __name__ == "__main__":
    main(sys.argv[1])

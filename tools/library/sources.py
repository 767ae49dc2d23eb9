"""Where the pictures and the words come from: four packages, fetched by name by their own clients."""

import hashlib
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """A package of a registry: `deb` packages are Debian's, `npm` packages the npm registry's."""

    kind: str
    name: str
    version: str
    sha256: str

    @property
    def archive(self) -> str:
        if self.kind == "deb":
            return f"{self.name}_{self.version.replace(':', '%3a')}_all.deb"
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


OPENCLIPART = Source(
    "deb", "openclipart-svg", "1:0.18+dfsg-19", "989712d90d57dfa3230049f553bb43b76c30ee4d4b8c5f6e106e33f7db5cbdc5"
)
WORDNET = Source("deb", "wordnet-base", "1:3.0-37", "61060d960f9ada8fa120872312eccd3ecebfbab8c4579e4f5a74e1cf67620752")
FLUENT = Source(
    "npm", "@iconify-json/fluent-emoji", "1.2.7", "8044210dbf11e016d4de85f15d01a243423bd832457e7e2491df1b751c0e272b"
)
NOTO = Source("npm", "@iconify-json/noto", "1.2.9", "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad")
CLDR = Source(
    "npm", "cldr-annotations-full", "48.2.0", "28576e51225deb51e3ddd734b0f824a0079682cb5d8c27faa9f68149317a14d1"
)
SOURCES = (OPENCLIPART, WORDNET, FLUENT, NOTO, CLDR)


def fetch(source: Source, cache: Path) -> Path:
    """The unpacked folder of a package; fetched and unpacked once, its SHA-256 compared.

    Raises `ValueError` when the archive is not the one the library was made from.
    """
    archive, folder = cache / source.archive, cache / source.archive.rsplit(".", 1)[0]
    cache.mkdir(parents=True, exist_ok=True)
    if not archive.exists():
        command = (
            ["apt-get", "download", f"{source.name}={source.version}"]
            if source.kind == "deb"
            else ["npm", "pack", "--silent", f"{source.name}@{source.version}"]
        )
        subprocess.run(command, cwd=cache, check=True)
    if (found := hashlib.sha256(archive.read_bytes()).hexdigest()) != source.sha256:
        raise ValueError(f"{archive.name} has the SHA-256 {found}, expected {source.sha256}")
    if not folder.exists():
        if source.kind == "deb":
            subprocess.run(["dpkg", "-x", str(archive), str(folder)], check=True)
        else:
            with tarfile.open(archive) as members:
                members.extractall(folder, filter="data")
    return folder

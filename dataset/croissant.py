"""The dataset in Croissant 1.0, the JSON-LD that dataset searches and loaders read: one field per column.

Fields, descriptions and types come from the Arrow schema, checksums from the manifest. It names the data
files alone: flow, dropped and quarantine tables hold keys and exact counts, and stay with the data.
Source: Akhtar et al. 2024, Croissant: A Metadata Format for ML-Ready Datasets; mlcommons.org/croissant/1.0.
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from dataset.record import DATA, Manifest
from dataset.schema import DATASET

CROISSANT = "croissant.json"
NAME = "lumbar-discs-with-report-grades"

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "string": "sc:Text",
    "int8": "sc:Integer",
    "int32": "sc:Integer",
    "float": "sc:Float",
    "double": "sc:Float",
    "bool": "sc:Boolean",
    "date32[day]": "sc:Date",
}
_PARQUET = "application/x-parquet"


def croissant(manifest: Manifest) -> str:
    """The text of ``croissant.json``. The same dataset gives the same text."""
    files = [name for names in manifest.data_files().values() for name in names]
    data = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": NAME,
        "description": "Lumbar intervertebral discs as axial and sagittal volumes with the grades of "
        "stenosis that rules read in the radiologist's report. See README.md.",
        "citeAs": "Lu et al. 2018, DeepSPINE: Automated Lumbar Vertebral Segmentation, Disc-level "
        "Designation, and Spinal Stenosis Grading Using Deep Learning",
        "distribution": [_file_set(), *(_file(name, manifest.files[name].sha256) for name in files)],
        "recordSet": [_record_set(DATASET)],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _file_set() -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": "discs-files",
        "name": "discs-files",
        "description": "The data files of every split.",
        "encodingFormat": _PARQUET,
        "includes": f"{DATA}/*.parquet",
    }


def _file(name: str, sha256: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "encodingFormat": _PARQUET,
        "sha256": sha256,
    }


def _record_set(schema: pa.Schema) -> dict[str, Any]:
    about = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    # Croissant has no type for bytes: shape and spacing describe the voxels, the card says how to read them.
    columns = [field for field in schema if not pa.types.is_binary(field.type)]
    return {
        "@type": "cr:RecordSet",
        "@id": "discs",
        "name": "discs",
        "description": f"{about['row'][0].upper()}{about['row'][1:]}.",
        "key": [{"@id": "discs/study"}, {"@id": "discs/level"}],
        "field": [_field(field) for field in columns],
    }


def _field(column: pa.Field) -> dict[str, Any]:
    about = {key.decode(): value.decode() for key, value in column.metadata.items()}
    unit = f", {about['unit']}" if about["unit"] else ""
    null = f". Null: {about['null']}" if about["null"] else ""
    is_list = pa.types.is_list(column.type) or pa.types.is_fixed_size_list(column.type)
    made = {
        "@type": "cr:Field",
        "@id": f"discs/{column.name}",
        "name": f"discs/{column.name}",
        "description": f"{about['description']}{unit}{null}",
        "dataType": _TYPES[str(column.type.value_type if is_list else column.type)],
        "source": {"fileSet": {"@id": "discs-files"}, "extract": {"column": column.name}},
    }
    return made | ({"repeated": True} if is_list else {})

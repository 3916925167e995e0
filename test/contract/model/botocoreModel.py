"""Prints botocore's own model of Pinpoint, in the words that operations.test.ts puts ours in."""

import json

from botocore.session import Session

model = Session().get_service_model("pinpoint")
structs = {}


def describe(shape):
    kind = shape.type_name
    if kind == "structure":
        remember(shape)
        return f"struct {name_of(shape)}"
    if kind == "list":
        return f"list of {describe(shape.member)}"
    if kind == "map":
        keys = "|".join(sorted(shape.key.enum)) if shape.key.enum else "any"
        return f"map of {keys} to {describe(shape.value)}"
    if kind == "string" and shape.enum:
        return "|".join(sorted(shape.enum))
    return kind


def name_of(shape):
    """The SDK renames a structure that is called like an operation."""
    return f"{shape.name}Shape" if shape.name in model.operation_names else shape.name


def remember(shape):
    if name_of(shape) in structs:
        return
    members = structs[name_of(shape)] = {}
    payload = shape.serialization.get("payload")
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        members[name] = {
            "location": {"uri": "path", "querystring": "query"}.get(location)
            or ("payload" if name == payload else "body"),
            # The label's name on the wire is never seen: only its place in the path is.
            "wireName": name if location == "uri" else member.serialization.get("name", name),
            "required": name in shape.required_members,
            "type": describe(member),
        }


def path_of(operation):
    path = operation.http["requestUri"]
    for name, member in operation.input_shape.members.items() if operation.input_shape else ():
        if member.serialization.get("location") == "uri":
            path = path.replace("{%s}" % member.serialization["name"], "{%s}" % name)
    return path


def struct_of(shape):
    return describe(shape) if shape and shape.members else "nothing"


operations = {}
for name in model.operation_names:
    operation = model.operation_model(name)
    operations[name] = {
        "method": operation.http["method"],
        "path": path_of(operation),
        "status": operation.http.get("responseCode", 200),
        "input": struct_of(operation.input_shape),
        "output": struct_of(operation.output_shape),
    }

print(json.dumps({"operations": operations, "structs": structs}))

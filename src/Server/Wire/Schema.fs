namespace GopherFlow.Server

/// The schema of a JSON value, for the OpenAPI document. Each decoder has the schema of its input.
type Schema =
    | Anything
    | Flag
    | Whole of least: int64 * most: int64
    | Number
    | Text of format: string option
    | Choice of texts: string list
    | ListOf of Schema
    | MapOf of Schema
    | AnyObject
    | ObjectOf of Member list
    | VariantsOf of Member list list

/// A member of an object.
and Member = {
    Name: string
    Schema: Schema
    IsRequired: bool
}

namespace GopherFlow.Server

/// What a JSON value may be, for the description of the API. A decoder carries the one of what it takes.
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

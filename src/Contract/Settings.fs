namespace GopherFlow.Contract

/// A setting of the server that answers.
type Setting = {
    Name: string
    /// What it is set to; null when it is not set, and when it is a secret.
    Value: string option
    IsSet: bool
    /// What holds when it is not set; null when nothing does.
    Default: string option
    /// Where it is set: "environment", the name of a file, or the kind of the source.
    Source: string option
    /// Null for a setting of the application's own.
    Description: string option
}

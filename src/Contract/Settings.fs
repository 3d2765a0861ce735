namespace GopherFlow.Contract

/// A setting of the server that sent this response.
type Setting = {
    Name: string
    /// The value; null when it is not set or is a secret.
    Value: string option
    IsSet: bool
    /// The default that applies when it is not set; null if there is none or it is a secret.
    Default: string option
    /// Where the value comes from: "environment", the name of a file, or the kind of configuration source.
    Source: string option
    /// Null for a setting of the application itself.
    Description: string option
}

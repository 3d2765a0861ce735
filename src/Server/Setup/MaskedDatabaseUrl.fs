namespace GopherFlow.Server

open System
open System.Data.Common

/// Shows where a database is without its credentials. Only values of keys that are known to be harmless are shown.
module internal MaskedDatabaseUrl =

    [<Literal>]
    let private Mask = "***"

    let private harmless =
        Set.ofList [
            "host"
            "server"
            "port"
            "database"
            "dbname"
            "username"
            "user id"
            "user"
            "uid"
            "sslmode"
            "ssl mode"
            "pooling"
            "maximum pool size"
            "minimum pool size"
            "timeout"
            "command timeout"
            "connection timeout"
            "keepalive"
            "application name"
            "search path"
            "charset"
            "target session attributes"
        ]

    let private shown (key: string) (value: string) =
        if harmless.Contains(key.ToLowerInvariant()) then
            value
        else
            Mask

    let private ofConnectionString (text: string) =
        try
            let parts = DbConnectionStringBuilder(ConnectionString = text)

            parts.Keys
            |> Seq.cast<string>
            |> Seq.map (fun key -> $"{key}={shown key (string parts[key])}")
            |> String.concat ";"
        with :? ArgumentException ->
            Mask

    /// The parts before and after a separator; without a separator, everything is in the first part.
    let private split (position: int) (text: string) =
        if position < 0 then
            text, ""
        else
            text.Substring(0, position), text.Substring(position + 1)

    let private signIn (text: string) =
        match split (text.IndexOf ':') text with
        | user, "" -> user
        | user, _ -> $"{user}:{Mask}"

    let private parameters (query: string) =
        query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        |> Seq.map (fun parameter ->
            let key, value = split (parameter.IndexOf '=') parameter
            $"{key}={shown key value}")
        |> String.concat "&"

    let private ofUrl (scheme: string) (rest: string) =
        let address, query = split (rest.IndexOf '?') rest
        let authority, path = split (address.IndexOf '/') address
        let at = authority.LastIndexOf '@'

        let host =
            if at < 0 then
                authority
            else
                $"{signIn (authority.Substring(0, at))}@{authority.Substring(at + 1)}"

        let path = if address.Contains '/' then $"/{path}" else ""
        let query = if query = "" then "" else $"?{parameters query}"
        $"{scheme}://{host}{path}{query}"

    /// Masks a URL or a connection string; GFLOW_DATABASE_URL can be either.
    let mask (text: string) : string =
        match text.IndexOf("://", StringComparison.Ordinal) with
        | at when at > 0 && not (text.Substring(0, at).Contains '=') ->
            ofUrl (text.Substring(0, at)) (text.Substring(at + 3))
        | _ -> ofConnectionString text

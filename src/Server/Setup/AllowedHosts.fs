namespace GopherFlow.Server

open System
open System.Net

/// The host names that the server accepts.
type AllowedHosts =
    | AnyHost
    /// Only loopback names, such as localhost and 127.0.0.1.
    | LoopbackOnly
    /// These names; "*.example.com" matches every name below example.com.
    | Named of string list

module internal AllowedHosts =

    /// Whether a host, without its port, is a loopback name.
    let isLoopback (host: string) =
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (match IPAddress.TryParse(host.Trim('[', ']')) with
            | true, NonNull address -> IPAddress.IsLoopback address
            | _ -> false)

    let private isMeant (host: string) (name: string) =
        if name.StartsWith("*.", StringComparison.Ordinal) then
            host.EndsWith(name.Substring 1, StringComparison.OrdinalIgnoreCase)
        else
            host.Equals(name, StringComparison.OrdinalIgnoreCase)

    let includes (allowed: AllowedHosts) (host: string) =
        match allowed with
        | AnyHost -> true
        | LoopbackOnly -> isLoopback host
        | Named names -> List.exists (isMeant host) names

    let private isValid (name: string) =
        let name =
            if name.StartsWith("*.", StringComparison.Ordinal) then
                name.Substring 2
            else
                name

        Uri.CheckHostName(name.Trim('[', ']')) <> UriHostNameType.Unknown

    /// Parses a list of names; None if one of them is not a host name.
    let tryParse (text: string) =
        let names =
            text.Split([| ','; ';' |], StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
            |> List.ofArray

        if names = [ "*" ] then
            Some AnyHost
        elif not names.IsEmpty && List.forall isValid names then
            Some(Named names)
        else
            None

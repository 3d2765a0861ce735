namespace GopherFlow.Server

open System.Net
open System.Net.Sockets
open Microsoft.AspNetCore.Http

/// Where a request comes from. Behind a proxy that is what the proxy says, if the application trusts it (forwarded headers).
module internal Address =

    let private ofConnection (http: HttpContext) =
        match http.Connection.RemoteIpAddress with
        | null -> None
        | address when address.IsIPv4MappedToIPv6 -> Some(address.MapToIPv4())
        | address -> Some address

    /// As it is shown.
    let text (http: HttpContext) = ofConnection http |> Option.map string

    /// What attempts are counted by: for IPv6 the first 64 bits, since one client has all addresses that share them.
    let source (address: IPAddress option) =
        match address with
        | None -> "unknown"
        | Some address when address.AddressFamily = AddressFamily.InterNetworkV6 ->
            let bytes = address.GetAddressBytes()
            IPAddress(Array.append bytes[..7] (Array.zeroCreate 8)).ToString()
        | Some address -> address.ToString()

    /// By which attempts of a request are counted.
    let sourceOf (http: HttpContext) = source (ofConnection http)

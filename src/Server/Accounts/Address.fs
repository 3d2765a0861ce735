namespace GopherFlow.Server

open System.Net
open System.Net.Sockets
open Microsoft.AspNetCore.Http

/// The client's IP address. Behind a trusted proxy, the address from the forwarded headers.
module internal Address =

    let private ofConnection (http: HttpContext) =
        match http.Connection.RemoteIpAddress with
        | null -> None
        | address when address.IsIPv4MappedToIPv6 -> Some(address.MapToIPv4())
        | address -> Some address

    /// The address as text.
    let text (http: HttpContext) = ofConnection http |> Option.map string

    /// The key under which sign-in attempts are counted. For IPv6 the first 64 bits, because one client owns all addresses that share them.
    let source (address: IPAddress option) =
        match address with
        | None -> "unknown"
        | Some address when address.AddressFamily = AddressFamily.InterNetworkV6 ->
            let bytes = address.GetAddressBytes()
            IPAddress(Array.append bytes[..7] (Array.zeroCreate 8)).ToString()
        | Some address -> address.ToString()

    /// The key under which the attempts of a request's client are counted.
    let sourceOf (http: HttpContext) = source (ofConnection http)

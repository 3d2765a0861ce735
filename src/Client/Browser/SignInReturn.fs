/// Where somebody was before they went to their organisation's sign-in page.
module GopherFlow.Client.SignInReturn

open Fable.Core.JsInterop

let private key = "gopherflow.return"

/// Storage may be forbidden by the browser; then everybody comes back to the first page.
let private withStorage (act: obj -> unit) : unit =
    try
        act Browser.window?sessionStorage
    with _ ->
        ()

let remember () : unit =
    withStorage (fun storage -> storage?setItem (key, Browser.Address.path () + Browser.Address.query ()))

/// Goes back there, once, if the console opens on its first page.
let goBack () : unit =
    withStorage (fun storage ->
        let address: string = storage?getItem key
        storage?removeItem key

        if
            not (isNullOrUndefined address)
            && Browser.Address.path () = "/"
            && Browser.Address.query () = ""
        then
            Browser.Address.replace address)

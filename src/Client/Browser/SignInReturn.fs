/// Remembers the page from which a user went to the organisation's sign-in page.
module GopherFlow.Client.SignInReturn

open Fable.Core.JsInterop

let private key = "gopherflow.return"

/// The browser may block storage; then users return to the first page.
let private withStorage (act: obj -> unit) : unit =
    try
        act Browser.window?sessionStorage
    with _ ->
        ()

let remember () : unit =
    withStorage (fun storage -> storage?setItem (key, Browser.Address.path () + Browser.Address.query ()))

/// Returns to that page once, if the console opens on its first page.
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

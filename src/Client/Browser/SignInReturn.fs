/// Where somebody was before they went to their organisation's sign-in page.
module GopherFlow.Client.SignInReturn

open Fable.Core.JsInterop

let private key = "gopherflow.return"

let private storage () : obj = Browser.window?sessionStorage

let remember () : unit =
    try
        storage ()?setItem (key, Browser.Address.path () + Browser.Address.query ())
    with _ ->
        ()

/// Goes back there, once, if the console opens on its first page.
let goBack () : unit =
    try
        let address: string = storage ()?getItem key
        storage ()?removeItem key

        if
            not (isNullOrUndefined address)
            && Browser.Address.path () = "/"
            && Browser.Address.query () = ""
        then
            Browser.Address.replace address
    with _ ->
        ()

/// The entry point of the console.
module GopherFlow.Client.Main

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Parts

importSideEffects "./Styles/main.css"

Preferences.applyTheme ()
SignInReturn.goBack ()

let private root: obj = ReactDOM.createRoot (Browser.document?getElementById "root")

root?render (App.view ())

/// Pages whose code is fetched when one of them is first opened, so that the first load stays small.
module GopherFlow.Client.LazyPages

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Parts
open GopherFlow.Client.Pages

let private shown (page: ReactElement) : ReactElement =
    React.suspense ([ page ], Basics.loading "the page")

let private lazyWorkflow =
    React.lazy' (fun () -> importValueDynamic Workflow.View.view)

let private lazyStart = React.lazy' (fun () -> importValueDynamic Start.View.view)

let private lazyAccounts =
    React.lazy' (fun () -> importValueDynamic Accounts.View.view)

let private lazyAudit = React.lazy' (fun () -> importValueDynamic Audit.View.view)

let private lazySettings =
    React.lazy' (fun () -> importValueDynamic Settings.View.view)

let workflow props = shown (lazyWorkflow props)
let start props = shown (lazyStart props)
let accounts props = shown (lazyAccounts props)
let audit props = shown (lazyAudit props)
let settings props = shown (lazySettings props)

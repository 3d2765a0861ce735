/// The pages. The code of each is loaded when it is first opened.
module GopherFlow.Client.LazyPages

open Fable.Core.JsInterop
open GopherFlow.Client.Parts
open GopherFlow.Client.Pages

let dashboard =
    Fetched.part "the page" (fun () -> importValueDynamic Dashboard.View.view)

let workflows =
    Fetched.part "the page" (fun () -> importValueDynamic Workflows.View.view)

let workflow =
    Fetched.part "the page" (fun () -> importValueDynamic Workflow.View.view)

let startChoice =
    Fetched.part "the page" (fun () -> importValueDynamic Start.Choice.view)

let start = Fetched.part "the page" (fun () -> importValueDynamic Start.View.view)

let definitions =
    Fetched.part "the page" (fun () -> importValueDynamic Definitions.view)

let definition =
    Fetched.part "the page" (fun () -> importValueDynamic Definition.View.view)

let scripts = Fetched.part "the page" (fun () -> importValueDynamic Scripts.view)

let studio =
    Fetched.part "the studio" (fun () -> importValueDynamic Studio.View.view)

let executors =
    Fetched.part "the page" (fun () -> importValueDynamic Executors.View.view)

let jobs = Fetched.part "the page" (fun () -> importValueDynamic Jobs.View.view)

let job = Fetched.part "the page" (fun () -> importValueDynamic Jobs.JobView.view)

let schedules =
    Fetched.part "the page" (fun () -> importValueDynamic Schedules.View.view)

let schedule =
    Fetched.part "the page" (fun () -> importValueDynamic Schedules.ScheduleView.view)

let accounts =
    Fetched.part "the page" (fun () -> importValueDynamic Accounts.View.view)

let audit = Fetched.part "the page" (fun () -> importValueDynamic Audit.View.view)

let settings =
    Fetched.part "the page" (fun () -> importValueDynamic Settings.View.view)

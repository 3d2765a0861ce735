/// The targets of the side bar, the shortcuts and the palette.
module GopherFlow.Client.Shell.Places

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

type Place = {
    Section: Router.Section
    Page: Router.Page
    Icon: ReactElement
    Text: string
    /// The key to press after g.
    Key: string
    /// For admins only.
    Restricted: bool
}

let private place section page icon text key = {
    Section = section
    Page = page
    Icon = icon
    Text = text
    Key = key
    Restricted = false
}

let private restricted place = { place with Restricted = true }

let all = [
    place Router.OfDashboard Router.Dashboard Icons.gauge "Dashboard" "d"
    place Router.OfWorkflows (Router.Workflows WorkflowFilter.empty) Icons.list "Workflows" "w"
    place Router.OfDefinitions Router.Definitions Icons.flow "Definitions" "f"
    place Router.OfScripts Router.Scripts Icons.script "Scripts" "s"
    place Router.OfSchedules Router.Schedules Icons.clock "Schedules" "c"
    place Router.OfJobs Router.Jobs Icons.stack "Jobs" "j"
    place Router.OfExecutors Router.Executors Icons.server "Executors" "e"
    restricted (place Router.OfUsers Router.Users Icons.people "Users" "u")
    restricted (place Router.OfAudit (Router.Audit []) Icons.book "Audit log" "a")
    restricted (place Router.OfSettings Router.Settings Icons.sliders "Settings" "t")
]

/// The places that the user may open.
let of' (session: Session) : Place list =
    all
    |> List.filter (fun place -> not place.Restricted || Session.isAdmin session)

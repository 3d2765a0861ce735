namespace GopherFlow.Server

open System.Threading.Tasks

/// The settings under which the server runs: `list`.
module internal SettingsInUse =

    /// GET /api/settings.
    let list (services: Services) (_: Caller) () : Handler =
        fun _ -> Task.FromResult(Content(services.SettingsTable.Rows()))

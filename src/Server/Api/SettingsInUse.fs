namespace GopherFlow.Server

open System.Threading.Tasks

/// The settings of this server: `list`.
module internal SettingsInUse =

    /// GET /api/settings.
    let list (services: Services) (_: Caller) () : Handler =
        fun _ -> Task.FromResult(Content(services.SettingsTable.Rows()))

module GopherFlow.App_1.Program

open GopherFlow.Server
open GopherFlow.Stores.Sqlite
open Microsoft.AspNetCore.Builder

[<EntryPoint>]
let main args =
    let builder = WebApplication.CreateBuilder args

    builder.AddGopherFlow(fun flow -> flow.UseSqlite().AddDefinition Greeting.workflow |> ignore)
    |> ignore

    let app = builder.Build()
    app.MapGopherFlow() |> ignore
    app.RunGopherFlowAsync().GetAwaiter().GetResult()

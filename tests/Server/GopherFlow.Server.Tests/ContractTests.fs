namespace GopherFlow.Server.Tests

open System.Net.Http
open Expecto
open GopherFlow.Server
open GopherFlow.TestSupport

/// The route table: required roles, audit actions and the OpenAPI document.
module ContractTests =

    /// A path that matches the route but names no existing object.
    let pathOf (route: Route) =
        route.Path
            .Replace("{id}", "987654321")
            .Replace("{name}", "Nothing")
            .Replace("{version}", "0")
            .Replace("{externalId}", "nobody")
            .Replace("{keyId}", "987654321")
            .Replace("{sessionId}", "987654321")

    let private bodyOf (route: Route) : HttpContent | null =
        match route.Body with
        | Some _ ->
            // An unknown workflow type: nothing is created and no request waits.
            let example = Option.defaultValue "{}" route.Example
            Send.json (example.Replace("\"workflowType\":\"Order\"", "\"workflowType\":\"Nobody\""))
        | None -> null

    let private asRole (cookie: string) : Send.Mark =
        fun request ->
            Send.withHeader "Cookie" cookie request
            Send.withHeader Authorise.AntiForgeryHeader Authorise.AntiForgeryValue request

    let private isAllowed role access =
        match access with
        | Anyone
        | SignedIn -> true
        | Operators -> role <> "viewer"
        | Admins -> role = "admin"

    let private openStream = "/api/events"

    let tests =
        testList "Contract" [
            testCaseTask "every route enforces its role, and only public routes work signed out" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    for role in [ "viewer"; "operator" ] do
                        let! cookie = SignIn.asNewUser server role role

                        for route in Routes.api |> List.filter (fun route -> route.Access <> Anyone) do
                            if route.Path <> openStream && route.Action <> Some "session.signOut" then
                                let! signedOut =
                                    Send.send server Send.asNobody route.Method (pathOf route) (bodyOf route)

                                Expect.equal signedOut.Status 401 $"{route.Method} {route.Path} signed out"

                                let! reply =
                                    Send.send server (asRole cookie) route.Method (pathOf route) (bodyOf route)

                                let isRefused = reply.Status = 403

                                Expect.equal
                                    isRefused
                                    (not (isAllowed role route.Access))
                                    $"{route.Method} {route.Path} as {role}: {reply.Status}"

                                Expect.isLessThan reply.Status 500 $"{route.Method} {route.Path}"
                })

            testCaseTask "a change without the anti-forgery header is rejected on every route" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! cookie = SignIn.asNewUser server "tess" "admin"

                    for route in
                        Routes.api
                        |> List.filter (fun route -> route.Method <> "GET" && route.Access <> Anyone) do
                        let! reply =
                            Send.send
                                server
                                (Send.withHeader "Cookie" cookie)
                                route.Method
                                (pathOf route)
                                (bodyOf route)

                        Expect.equal reply.Status 403 $"{route.Method} {route.Path}"
                        Expect.stringContains reply.Text "anti-forgery" $"{route.Method} {route.Path}"
                })

            testCaseTask "an unknown query parameter is rejected on every route" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    for route in Routes.api |> List.filter (fun route -> route.Path <> openStream) do
                        let path = pathOf route + "?verbose=1"
                        let! reply = Send.send server Send.asAdmin route.Method path (bodyOf route)

                        if reply.Status <> 404 then
                            Expect.equal reply.Status 400 $"{route.Method} {route.Path}: {reply.Text}"
                            Expect.contains (Send.invalidFields reply) "verbose" $"{route.Method} {route.Path}"
                })

            testCase "every change has an audit action, and no query has one" (fun () ->
                for route in Routes.api do
                    match route.Method, route.Action with
                    | "GET", Some action -> failtest $"{route.Path} is a change: {action}"
                    | ("PUT" | "PATCH" | "DELETE"), None -> failtest $"{route.Path} has no action"
                    | _ -> ()

                let computing =
                    Routes.api
                    |> List.filter (fun route -> route.Method = "POST" && route.Action.IsNone)

                Expect.equal
                    (computing |> List.map _.Path |> List.sort)
                    [
                        "/api/jobs/forecast"
                        "/api/schedules/preview"
                        "/api/scripts/check"
                        "/api/scripts/try"
                        "/api/workflows/search"
                    ]
                    "POST routes that change nothing")

            testCaseTask "the OpenAPI document describes every route" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! reply = Send.send server Send.asNobody "GET" "/api/openapi.json" null
                    Expect.equal reply.Status 200 "status"
                    let document = reply.Json
                    Expect.equal (text document?openapi) "3.1.0" "version"

                    for route in Routes.api do
                        let operation =
                            document?paths.GetProperty(route.Path).GetProperty(route.Method.ToLowerInvariant())

                        Expect.isNonEmpty (text operation?summary) "summary"

                        for reply in route.Replies do
                            Expect.isTrue (fst (operation?responses.TryGetProperty(string reply.Status))) route.Path

                    let ids = [
                        for path in document?paths.EnumerateObject() do
                            for operation in path.Value.EnumerateObject() -> text operation.Value?operationId
                    ]

                    Expect.equal (List.distinct ids) ids "operation ids are unique"
                })

            testCaseTask "every example body is well-formed" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    for route in Routes.api |> List.filter (fun route -> route.Example.IsSome) do
                        let! reply = Send.send server Send.asAdmin route.Method (pathOf route) (bodyOf route)

                        if reply.Status = 400 then
                            let fields = Send.invalidFields reply

                            // The examples name objects that do not exist here; those errors do not count.
                            Expect.isEmpty
                                (fields
                                 |> List.filter (fun field ->
                                     not (field.Contains "workflowType" || field.Contains "name" || field = "source")))
                                $"{route.Path}: {reply.Text}"
                })
        ]

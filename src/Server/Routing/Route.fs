namespace GopherFlow.Server

open System
open System.Threading.Tasks
open Microsoft.AspNetCore.Http

/// What a route answers when all is well.
type Response = {
    Status: int
    /// What is sent; None when there is no body, or it is no JSON.
    Content: Type option
    ContentType: string option
    Description: string
}

/// A method, a path, who may call it, what it takes and answers, and how.
type Route = {
    /// Of the operation, in clients that are generated.
    Name: string
    Method: string
    Path: string
    /// The heading in the API description.
    Subject: string
    Summary: string
    Access: Access
    Parameters: Parameter list
    Body: Schema option
    /// A body that it takes, as JSON.
    Example: string option
    Replies: Response list
    /// One of each kind that it refuses requests with, besides those of every route.
    Problems: Problem list
    /// What a change is called in the audit log; None for what changes nothing.
    Action: string option
    Handler: Services -> Handler
}

/// Makes routes.
module internal Route =

    /// 200 with a value of this type.
    let sends<'content> description : Response list = [
        {
            Status = StatusCodes.Status200OK
            Content = Some typeof<'content>
            ContentType = Some "application/json"
            Description = description
        }
    ]

    /// 201 with a value of this type.
    let creates<'content> description : Response list = [
        {
            Status = StatusCodes.Status201Created
            Content = Some typeof<'content>
            ContentType = Some "application/json"
            Description = description
        }
    ]

    /// 204.
    let sendsNothing description : Response list = [
        {
            Status = StatusCodes.Status204NoContent
            Content = None
            ContentType = None
            Description = description
        }
    ]

    /// 200 with something that is no JSON.
    let sendsOther contentType description : Response list = [
        {
            Status = StatusCodes.Status200OK
            Content = None
            ContentType = Some contentType
            Description = description
        }
    ]

    let private unknownQuery (parameters: Parameter list) (http: HttpContext) =
        let known =
            parameters
            |> List.filter (fun parameter -> parameter.Place = Query)
            |> List.map _.Name

        let expected =
            if known.IsEmpty then
                "no parameters in the query"
            else
                $"""only the parameters {String.concat ", " known}"""

        http.Request.Query
        |> Seq.filter (fun given -> not (List.contains given.Key known))
        |> Seq.truncate Faults.Most
        |> Seq.map (fun given ->
            FaultyField.create (Excerpt.ofText given.Key) (Some(Excerpt.ofText (given.Value.ToString()))) expected)
        |> List.ofSeq

    /// Reads the input and hands it on; all faults of query, path and body are reported together.
    let private reading services (input: Input<'input>) (handle: 'input -> Handler) : Handler =
        fun http ->
            task {
                let strangers = unknownQuery input.Parameters http

                match! input.Read services http with
                | Refused problem -> return Refusal problem
                | Faulty faults -> return Refusal(Problem.invalidRequest (strangers @ faults))
                | Read value when strangers.IsEmpty -> return! handle value http
                | Read _ -> return Refusal(Problem.invalidRequest strangers)
            }

    let private create verb name path access summary (input: Input<'input>) replies handler = {
        Name = name
        Method = verb
        Path = path
        Subject = ""
        Summary = summary
        Access = access
        Parameters = input.Parameters
        Body = input.Body
        Example = None
        Replies = replies
        Problems = []
        Action = None
        Handler = handler
    }

    let private signedIn verb access name path summary input replies (handle: Services -> Caller -> 'input -> Handler) =
        create verb name path access summary input replies (fun services http ->
            task {
                match! Authorise.caller services access http with
                | Error problem -> return Refusal problem
                | Ok caller -> return! reading services input (handle services caller) http
            })

    /// A route that changes nothing, for every signed-in user.
    let get name path summary input replies handle =
        signedIn HttpMethods.Get SignedIn name path summary input replies (fun services _ -> handle services)

    /// A query whose filter is a body.
    let query name path summary input replies handle =
        signedIn HttpMethods.Post SignedIn name path summary input replies (fun services _ -> handle services)

    /// A route for every signed-in user that needs to know who calls.
    let getAs name path summary input replies handle =
        signedIn HttpMethods.Get SignedIn name path summary input replies handle

    /// A route that admins alone may read.
    let getAsAdmin name path summary input replies handle =
        signedIn HttpMethods.Get Admins name path summary input replies handle

    /// A change, and what it is called in the audit log.
    let change verb access action name path summary input replies handle = {
        signedIn verb access name path summary input replies handle with
            Action = Some action
    }

    /// A route that computes something for some callers and changes nothing.
    let compute access name path summary input replies handle =
        signedIn HttpMethods.Post access name path summary input replies handle

    /// A route for everybody.
    let openToAll verb action name path summary (input: Input<'input>) replies (handle: Services -> 'input -> Handler) = {
        create verb name path Anyone summary input replies (fun services -> reading services input (handle services)) with
            Action = action
    }

    /// The kinds of problems that a route has of its own.
    let refusing problems (route: Route) = { route with Problems = problems }

    /// A body that it takes, for the description of the API.
    let taking (example: string) (route: Route) = { route with Example = Some example }

    /// Further answers when all is well.
    let alsoReplying replies (route: Route) = {
        route with
            Replies = route.Replies @ replies
    }

    /// The routes of one subject.
    let about subject (routes: Route list) =
        routes |> List.map (fun route -> { route with Subject = subject })

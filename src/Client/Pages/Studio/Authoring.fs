/// The names of GopherFlow.FSharp that scripts can use, each with a line of help.
module GopherFlow.Client.Pages.Studio.Authoring

type Name = {
    Name: string
    Shape: string
    Help: string
}

let private name (name: string) (shape: string) (help: string) = {
    Name = name
    Shape = shape
    Help = help
}

/// Outcomes, durations, retries and options of a state.
let functions = [
    name "goto" "state" "Goes to a state at once."
    name "compensate" "state" "Undoes what was done, the last first, and then goes to a state."
    name "undone" "" "The state has undone what it is there to undo; what was done before is next."
    name "log" "text" "Adds a line to the workflow's history."
    name "after" "delay" "Runs the target a while after this step is committed."
    name "at" "instant" "Runs the target at an instant; one that has passed means at once."
    name "whenChildrenFinished" "" "Runs the target when every child has reached a final status."
    name
        "waitFor"
        "signals state"
        "Waits for the first of some signals before a state runs. One that was sent before counts."
    name
        "orAfter"
        "delay state"
        "Goes to another state if nobody has come by then: no person, no signal, not the last child."
    name "orAt" "instant state" "Goes to another state if nobody has come by an instant."
    name "continuingAnew" "set" "Closes the history and goes on with the variables that the function sets, alone."
    name "returning" "value" "Gives the workflow's result, with a target that ends it."
    name "wakeParent" "" "Makes the parent due with this commit."
    name "child" "type key" "Describes a child workflow, by its type and business key, for spawn."
    name "withVar" "name value" "Gives a child a variable to start with."
    name "withExternalId" "id" "Names a child uniquely among all workflows."
    name "inGroup" "group" "Has an executor group run a child. Default: the parent's."
    name "withPriority" "priority" "1 (first) to 9 (last). Default: the parent's."
    name "spawn" "child" "Creates a child with the commit of this step."
    name "spawnAll" "children" "Creates several children with the commit of this step."
    name "milliseconds" "count" "A length of time."
    name "seconds" "count" "A length of time: an integer or a fraction."
    name "minutes" "count" "A length of time: an integer or a fraction."
    name "hours" "count" "A length of time: an integer or a fraction."
    name "days" "count" "A length of time: an integer or a fraction."
    name "forEver" "" "For keepFinished and the like: nothing is deleted."
    name "linear" "retries first longest" "Retries after delays that grow in equal steps."
    name "exponential" "retries first longest" "Retries after delays that double, with jitter."
    name "noRetry" "" "The first failure makes the workflow FAILED."
    name "giveUp" "reason" "Ends the attempt with an error that no retry can mend: the workflow is FAILED at once."
    name "timeout" "limit" "How long one attempt of the state may take; one that takes longer has failed."
    name "retrying" "policy" "A retry policy of the state's own."
    name "compensatedBy" "state" "The state that undoes this one when the workflow compensates."
]

/// Names for use inside workflow "Name" { ... }.
let operations = [
    name "workflow" "name { … }" "Describes a workflow; the name is that of the script."
    name "description" "text" "One sentence for the console."
    name "retry" "policy" "The policy of states that have none of their own."
    name "onCancel" "state" "The state to which a cancelled workflow goes to clean up."
    name "onFailure" "state" "Where a workflow goes when a state fails for good."
    name "input" "type" "The type that the variables of a new workflow have to fit: input typeof<Order>."
    name "output" "type" "The type that a result has to fit."
    name "secret" "variables" "Variables whose values are never kept in the history."
    name "withoutVariableHistory" "" "Keeps no values of variables in the history."
    name "keepFinished" "span" "How long FINISHED workflows are kept."
    name "keepFailed" "span" "How long FAILED and ERROR workflows are kept."
    name "keepCancelled" "span" "How long CANCELLED workflows are kept."
    name
        "start"
        "state function"
        "The state in which a workflow starts. A list of targets behind the function counts instead of those that it names."
    name
        "state"
        "state function"
        "An ordinary state. A list of targets behind the function counts instead of those that it names."
    name "manual" "state targets" "A state that waits for a person, who may move it to one of these."
    name "error" "state" "A final state that means failure."
    name "finish" "state" "A final state that means success."
]

let private ofStep = [
    name "Vars" "" "The workflow's variables."
    name "Signal" "option" "The signal that the state was waiting for."
    name "BusinessKey" "string" "What the workflow is about, in the words of the business."
    name "ExternalId" "string" "The caller's id for the workflow, unique."
    name "WorkflowId" "int64" "The id that the store gave the workflow."
    name "WorkflowType" "string" "The name of the definition."
    name "State" "string" "The state that runs."
    name "Attempt" "int" "1 for the first run of this state, 2 for the first retry."
    name "Key" "string" "The same for every retry of this step: an idempotency key for other systems."
    name "Undoes" "option" "The key of the step that this one undoes."
    name "Now" "DateTimeOffset" "The current instant by the engine's clock, in UTC."
    name "Clock" "TimeProvider" "The engine's clock."
    name "Logger" "ILogger" "A logger whose entries carry the workflow's ids."
    name "Cancellation" "token" "Set when the state's timeout has passed, the lease is lost, or the process stops."
    name "Service" "<T>()" "A service that the application has registered."
    name "TryService" "<T>()" "A service that the application may have registered."
    name "Services" "" "The services of this step's scope."
    name "Children" "()" "The workflow's children as they are committed now, oldest first; a task."
    name "ChildResults" "()" "How the children stand or have ended, without their variables; a task."
    name "NewChild" "(type, key)" "A child whose variables are written as those of this workflow are."
    name "OnCommit" "(write)" "Writes rows of your own in the transaction that commits this step, exactly once."
    name "Context" "" "The C# context, for whatever takes one."
]

let private ofVars = [
    name "Get" "<T> name" "A variable as a type; without it the workflow is FAILED."
    name "GetOr" "(name, otherwise)" "A variable as a type, or the other value when there is none."
    name "TryGet" "<T> name" "A variable as a type; None when there is none."
    name "TryText" "name" "A variable as text; None when there is none."
    name "Set" "(name, value)" "Sets a variable: a record, a union, a list, a text."
    name "Remove" "name" "Removes a variable; false when there was none."
    name "Contains" "name" "Whether there is a variable of that name."
    name "Names" "list" "The names of all variables."
    name "ToJson" "()" "All variables as a JSON object."
]

let private ofSignal = [
    name "Name" "string" "Its name."
    name "Key" "option" "The key that its sender gave it."
    name "Sent" "DateTimeOffset" "When it was sent."
    name "Json" "string" "Its payload as JSON text."
    name "Get" "<T>()" "Its payload as a type."
]

let private ofChild = [
    name "Status" "" "Where it stands."
    name "State" "string" "Its current state."
    name "IsFinal" "bool" "Whether it has reached a final status, whichever."
    name "Id" "int64" "The id that the store gave it."
    name "ExternalId" "string" "Its external id."
    name "WorkflowType" "string" "The name of its definition."
    name "BusinessKey" "string" "Its business key."
    name "Vars" "" "Its variables; changing them changes nothing in the child."
    name "Finished" "option" "When it ended (of ChildResults)."
    name "LastError" "option" "What its last failed attempt said (of ChildResults)."
    name "TryResult" "<T>()" "Its result; None when it has given none (of ChildResults)."
]

/// The members of a value, by its usual variable name.
let members (receiver: string) : Name list =
    match receiver.ToLowerInvariant() with
    | "step" -> ofStep
    | "vars" -> ofVars
    | "signal" -> ofSignal
    | "child" -> ofChild
    | _ -> []

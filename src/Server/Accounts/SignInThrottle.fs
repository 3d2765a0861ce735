namespace GopherFlow.Server

open System
open System.Threading

/// The attempts under one user name since the last success.
type Attempts = {
    Count: int
    Last: DateTimeOffset
    NotBefore: DateTimeOffset
}

/// The rule: ten attempts are free, then each must wait twice as long as the one before, up to a limit.
module SignInRule =

    [<Literal>]
    let FreeAttempts = 10

    /// Names that are remembered at most.
    [<Literal>]
    let MostNames = 10_000

    let private longestDelay = TimeSpan.FromMinutes 5.
    let private memory = TimeSpan.FromMinutes 30.

    let private delayAfter count =
        if count < FreeAttempts then
            TimeSpan.Zero
        else
            min longestDelay (TimeSpan.FromSeconds(2. ** float (min 20 (count - FreeAttempts))))

    let private isForgotten (now: DateTimeOffset) (attempts: Attempts) = now - attempts.Last > memory

    let private makeRoom now (all: Map<string, Attempts>) =
        if all.Count < MostNames then
            all
        else
            let kept = all |> Map.filter (fun _ attempts -> not (isForgotten now attempts))

            if kept.Count < MostNames then
                kept
            else
                let oldest =
                    kept |> Map.toSeq |> Seq.minBy (fun (_, attempts) -> attempts.Last) |> fst

                Map.remove oldest kept

    /// Counts an attempt as failed until it is known to have succeeded, so that attempts at the same time all count.
    let attempt (now: DateTimeOffset) name (all: Map<string, Attempts>) =
        let count =
            match Map.tryFind name all with
            | Some attempts when now < attempts.NotBefore -> Error(attempts.NotBefore - now)
            | Some attempts when not (isForgotten now attempts) -> Ok(attempts.Count + 1)
            | _ -> Ok 1

        match count with
        | Error wait -> Error wait, all
        | Ok count ->
            let attempts = {
                Count = count
                Last = now
                NotBefore = now + delayAfter count
            }

            Ok(), Map.add name attempts (makeRoom now all)

/// Slows guessing down: one for the process, thread-safe. Names are kept as hashes, which are short whatever was sent.
type SignInThrottle(clock: TimeProvider) =
    let gate = Lock()
    let mutable all = Map.empty

    /// Whether an attempt may be made now; if not, how long to wait.
    member _.Attempt(name: string) =
        lock gate (fun () ->
            let verdict, after = SignInRule.attempt (clock.GetUtcNow()) (Secrets.hash name) all
            all <- after
            verdict)

    /// The attempt succeeded: the name starts anew.
    member _.Succeeded(name: string) =
        lock gate (fun () -> all <- Map.remove (Secrets.hash name) all)

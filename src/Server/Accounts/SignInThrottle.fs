namespace GopherFlow.Server

open System
open System.Threading
open GopherFlow.Storage

/// Failed attempts under one key.
type Attempts = {
    Count: int
    Last: DateTimeOffset
    NotBefore: DateTimeOffset
}

/// Somebody who has signed in under a name from a source, and the failures since.
type KnownSource = {
    SignedIn: DateTimeOffset
    Failures: Attempts option
}

/// The attempts to sign in, as far as they are remembered.
type SignInHistory = {
    /// By name and source together.
    Known: Remembered<KnownSource>
    /// By name, from sources that are not known under it.
    Names: Remembered<Attempts>
    /// By source, under names under which it is not known.
    Sources: Remembered<Attempts>
}

/// Who makes an attempt.
[<RequireQualifiedAccess>]
type Attempt =
    /// From where somebody has signed in under this name before.
    | Known
    | Stranger

/// <summary>
/// The rule: some attempts are free, then each must wait twice as long as the one before, up to a limit. Strangers are counted by
/// name and by source. A source that has signed in under a name before is counted alone under that name, so that nobody else's guesses make it wait.
/// </summary>
module internal SignInRule =

    /// Attempts under a name without a wait.
    [<Literal>]
    let FreeOfName = 10

    /// Attempts from a source without a wait: a whole office may have one address.
    [<Literal>]
    let FreeOfSource = 30

    /// Entries of each kind that are remembered at most.
    [<Literal>]
    let Most = 10_000

    let private longestDelay = TimeSpan.FromMinutes 5.
    let private memory = TimeSpan.FromMinutes 30.
    let private knownFor = TimeSpan.FromDays 30.

    let empty = {
        Known = Remembered.empty
        Names = Remembered.empty
        Sources = Remembered.empty
    }

    let private pairOf name source = $"{name} {source}"

    let private delayAfter free count =
        if count < free then
            TimeSpan.Zero
        else
            min longestDelay (TimeSpan.FromSeconds(2. ** float (min 20 (count - free))))

    let private recent (now: DateTimeOffset) (attempts: Attempts option) =
        attempts |> Option.filter (fun attempts -> now - attempts.Last <= memory)

    let private waitOf (now: DateTimeOffset) attempts =
        match recent now attempts with
        | Some attempts when now < attempts.NotBefore -> attempts.NotBefore - now
        | _ -> TimeSpan.Zero

    let private oneMore free (now: DateTimeOffset) attempts : Attempts =
        let count = 1 + (recent now attempts |> Option.map _.Count |> Option.defaultValue 0)

        {
            Count = count
            Last = now
            NotBefore = now + delayAfter free count
        }

    let private oneLess free (now: DateTimeOffset) (attempts: Attempts) : Attempts =
        let count = max 0 (attempts.Count - 1)

        {
            attempts with
                Count = count
                NotBefore = min attempts.NotBefore (now + delayAfter free count)
        }

    let private isKnown (now: DateTimeOffset) (known: KnownSource) = now - known.SignedIn <= knownFor

    let private byKnown now pair (known: KnownSource) (history: SignInHistory) =
        match waitOf now known.Failures with
        | wait when wait > TimeSpan.Zero -> Error wait, history
        | _ ->
            let known = {
                known with
                    Failures = Some(oneMore FreeOfName now known.Failures)
            }

            Ok Attempt.Known,
            {
                history with
                    Known = Remembered.put Most known.SignedIn pair known history.Known
            }

    let private byStranger now name source (history: SignInHistory) =
        let ofName = Remembered.tryFind name history.Names
        let ofSource = Remembered.tryFind source history.Sources

        match max (waitOf now ofName) (waitOf now ofSource) with
        | wait when wait > TimeSpan.Zero -> Error wait, history
        | _ ->
            Ok Attempt.Stranger,
            {
                history with
                    Names = Remembered.put Most now name (oneMore FreeOfName now ofName) history.Names
                    Sources = Remembered.put Most now source (oneMore FreeOfSource now ofSource) history.Sources
            }

    /// Counts an attempt as failed until it is known to have succeeded, so that attempts at the same time all count.
    let attempt (now: DateTimeOffset) name source (history: SignInHistory) =
        let pair = pairOf name source

        match Remembered.tryFind pair history.Known with
        | Some known when isKnown now known -> byKnown now pair known history
        | _ -> byStranger now name source history

    let private takeBack free now key (attempts: Remembered<Attempts>) =
        match Remembered.tryFind key attempts with
        | None -> attempts
        | Some some -> Remembered.put Most some.Last key (oneLess free now some) attempts

    /// The attempt has succeeded: the source is known under this name from now on, and what strangers have failed stays counted.
    let succeeded (now: DateTimeOffset) attempt name source (history: SignInHistory) =
        let known = { SignedIn = now; Failures = None }

        let history = {
            history with
                Known = Remembered.put Most now (pairOf name source) known history.Known
        }

        match attempt with
        | Attempt.Known -> history
        | Attempt.Stranger -> {
            history with
                Names = takeBack FreeOfName now name history.Names
                Sources = takeBack FreeOfSource now source history.Sources
          }

/// Slows guessing down: one for the process, thread-safe. Names are kept as hashes, which are short whatever was sent.
type SignInThrottle(clock: TimeProvider) =
    let gate = Lock()
    let mutable history = SignInRule.empty

    let keyOf (name: string) = Secrets.hash (Usernames.KeyOf name)

    /// Whether an attempt may be made now; if not, how long to wait.
    member _.Attempt(name: string, source: string) =
        let key = keyOf name

        lock gate (fun () ->
            let verdict, after = SignInRule.attempt (clock.GetUtcNow()) key source history
            history <- after
            verdict)

    /// The attempt succeeded.
    member _.Succeeded(attempt: Attempt, name: string, source: string) =
        let key = keyOf name

        lock gate (fun () -> history <- SignInRule.succeeded (clock.GetUtcNow()) attempt key source history)

namespace GopherFlow.Server

open System
open System.Threading
open GopherFlow.Storage

/// The failed attempts that are counted under one key.
type Attempts = {
    Count: int
    Last: DateTimeOffset
    NotBefore: DateTimeOffset
}

/// A successful sign-in under a name from a source, and the failures since then.
type KnownSource = {
    SignedIn: DateTimeOffset
    Failures: Attempts option
}

/// The sign-in attempts that are held in memory.
type SignInHistory = {
    /// By name and source.
    Known: Remembered<KnownSource>
    /// By name: attempts from sources that are not known for that name.
    Names: Remembered<Attempts>
    /// By source: attempts under names for which the source is not known.
    Sources: Remembered<Attempts>
}

/// The kind of client that makes an attempt.
[<RequireQualifiedAccess>]
type Attempt =
    /// A source from which this user has signed in before.
    | Known
    | Stranger

/// <summary>
/// The rule: some attempts are free, then each must wait twice as long as the previous one, up to a limit. Unknown clients are counted by
/// name and by source. A source that has signed in under a name before is counted separately for that name, so other clients' guesses
/// do not delay it.
/// </summary>
module internal SignInRule =

    /// The number of attempts under a name without a delay.
    [<Literal>]
    let FreeOfName = 10

    /// The number of attempts from a source without a delay: a whole office may share one address.
    [<Literal>]
    let FreeOfSource = 30

    /// The maximum number of entries of each kind.
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

    /// Counts an attempt as failed until it succeeds, so that concurrent attempts all count.
    let attempt (now: DateTimeOffset) name source (history: SignInHistory) =
        let pair = pairOf name source

        match Remembered.tryFind pair history.Known with
        | Some known when isKnown now known -> byKnown now pair known history
        | _ -> byStranger now name source history

    let private takeBack free now key (attempts: Remembered<Attempts>) =
        match Remembered.tryFind key attempts with
        | None -> attempts
        | Some some -> Remembered.put Most some.Last key (oneLess free now some) attempts

    /// Records a success: the source is known for this name from now on. The failures of unknown clients stay counted.
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

/// Slows down password guessing. One instance for the process; thread-safe. Names are stored as hashes, so long names take no extra memory.
type SignInThrottle(clock: TimeProvider) =
    let gate = Lock()
    let mutable history = SignInRule.empty

    let keyOf (name: string) = Secrets.hash (Usernames.KeyOf name)

    /// Whether an attempt is allowed now; if not, how long to wait.
    member _.Attempt(name: string, source: string) =
        let key = keyOf name

        lock gate (fun () ->
            let verdict, after = SignInRule.attempt (clock.GetUtcNow()) key source history
            history <- after
            verdict)

    /// Records that an attempt has succeeded.
    member _.Succeeded(attempt: Attempt, name: string, source: string) =
        let key = keyOf name

        lock gate (fun () -> history <- SignInRule.succeeded (clock.GetUtcNow()) attempt key source history)

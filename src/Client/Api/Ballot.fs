/// Elects a leader among tabs that cannot share a lock: the first to speak leads, and of two leaders the one with the lower name
/// stays. The leader sends a message every two seconds.
module GopherFlow.Client.Api.Ballot

type Word =
    /// A new tab asks who leads.
    | Asks
    | Leads
    /// The leader stops.
    | Leaves

type Role =
    | Away
    /// Becomes leader at this time unless another tab leads by then.
    | Candidate of from: float
    | Follower of heard: float
    | Leader of said: float

type Ballot = {
    Self: string
    /// The milliseconds that a candidate waits for another tab. Each tab has a different timeout, so one of them speaks first.
    Timeout: float
    Role: Role
}

let private every = 2000.0

/// After this many milliseconds without a message from the leader, another one is elected.
let private silence = 7000.0

let isLeader (ballot: Ballot) =
    match ballot.Role with
    | Leader _ -> true
    | _ -> false

let create (self: string) (timeout: float) : Ballot = {
    Self = self
    Timeout = timeout
    Role = Away
}

let private stand (now: float) (ballot: Ballot) = {
    ballot with
        Role = Candidate(now + ballot.Timeout)
}

/// Each of these functions returns the new ballot of this tab, and the messages to the other tabs.
let join (now: float) (ballot: Ballot) : Ballot * Word list = stand now ballot, [ Asks ]

let leave (ballot: Ballot) : Ballot * Word list =
    { ballot with Role = Away }, (if isLeader ballot then [ Leaves ] else [])

let private say (now: float) (ballot: Ballot) : Ballot * Word list =
    { ballot with Role = Leader now }, [ Leads ]

let hear (now: float) (from: string) (word: Word) (ballot: Ballot) : Ballot * Word list =
    match word, ballot.Role with
    | _, Away -> ballot, []
    | Asks, Leader _ -> say now ballot
    | Leads, Leader _ when ballot.Self < from -> say now ballot
    | Leads, _ -> { ballot with Role = Follower now }, []
    | Leaves, Follower _ -> stand now ballot, []
    | _ -> ballot, []

let pass (now: float) (ballot: Ballot) : Ballot * Word list =
    match ballot.Role with
    | Candidate from when now >= from -> say now ballot
    | Leader said when now >= said + every -> say now ballot
    | Follower heard when now >= heard + silence -> stand now ballot, []
    | _ -> ballot, []

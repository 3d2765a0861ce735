/// Formatting of numbers.
module GopherFlow.Client.Parts.Numbers

open Fable.Core
open GopherFlow.Contract

/// With a comma between thousands: "1,204".
[<Emit("$0.toLocaleString('en')")>]
let count (_count: Count) : string = jsNative

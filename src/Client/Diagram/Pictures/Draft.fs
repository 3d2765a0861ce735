/// The picture of a text that is being written.
module GopherFlow.Client.Diagram.Pictures.Draft

open GopherFlow.Client.Diagram.Picture

/// Marks the last valid picture of a text that has errors now.
let stale (picture: Picture) : Picture = { picture with Stale = true }

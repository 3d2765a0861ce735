module GopherFlow.Client.Tests.LabelTest

open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Diagram

test "a name is split into its words" (fun () ->
    equal [ "Check"; "Credit" ] (Label.words "CheckCredit")
    equal [ "Get"; "IP" ] (Label.words "GetIP")
    equal [ "ask_"; "the_"; "person" ] (Label.words "ask_the_person"))

test "a short name is on one line, a longer one breaks between words" (fun () ->
    equal [ "Ship" ] (Label.lines 10 "Ship")
    equal [ "Notify"; "Customer" ] (Label.lines 10 "NotifyCustomer"))

test "long names that differ only at the end stay distinguishable" (fun () ->
    let north = Label.lines 20 "ReserveInventoryForBackorderedItemsInWarehouseNorth"
    let south = Label.lines 20 "ReserveInventoryForBackorderedItemsInWarehouseSouth"
    equal [ "ReserveInventoryFor"; "…InWarehouseNorth" ] north
    isTrue "differ" (north <> south))

test "a word that is longer than a line is cut" (fun () ->
    let lines = Label.lines 8 "incomprehensibilities"
    equal [ "incompre"; "…ilities" ] lines
    isTrue "short" (lines |> List.forall (fun line -> line.Length <= 8)))

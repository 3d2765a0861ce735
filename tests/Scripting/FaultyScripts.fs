namespace GopherFlow.Scripting.Tests

open GopherFlow.Scripting

/// An invalid script and the expected error: code, part of the message, line and column.
type FaultyScript = {
    Title: string
    Source: ScriptSource
    Code: string
    Text: string
    File: string
    Line: int
    Column: int
}

/// Groups of invalid scripts, each generated from a small table.
module FaultyScripts =

    let private inFile title source code text line column = {
        Title = title
        Source = source
        Code = code
        Text = text
        File = source.Name
        Line = line
        Column = column
    }

    /// An error in the lines between the opening and a valid workflow.
    let private inCode (fragment: string) code text line column =
        inFile
            fragment
            (Scripts.script (fragment + "\n" + Scripts.valid))
            code
            text
            (Scripts.firstLine + line - 1)
            column

    let private whole title text =
        ScriptSource.single "Test.fsx" text |> fun source -> title, source

    let private types = [
        "let x: int = \"a\"", "FS0001", "expected to have type", 1, 14
        "let x: string = 1", "FS0001", "expected to have type", 1, 17
        "let x = 1 + \"a\"", "FS0001", "'string' does not match the type 'int'", 1, 13
        "let x = undefinedName", "FS0039", "'undefinedName' is not defined", 1, 9
        "let x = List.mapp id []", "FS0039", "'mapp' is not defined", 1, 14
        "let x = DateTime.Noww", "FS0039", "does not define a field, constructor, or member named 'Noww'", 1, 18
        "open Not.There", "FS0039", "'Not' is not defined", 1, 6
        "let f (s: Step) = s.Varz", "FS0039", "'Varz'", 1, 21
        "let f (s: Step) = s.Vars.Get<int>(1)", "FS0001", "expected to have type", 1, 35
        "let x = goto 1", "FS0001", "expected to have type", 1, 14
        "let x = goto \"A\" |> after 5", "FS0001", "expected to have type", 1, 27
        "let x = linear \"1\"", "FS0001", "expected to have type", 1, 16
        "let x = waitFor \"paid\" \"A\"", "FS0001", "", 1, 17
        "let x = goto \"A\" |> orAfter 5 \"B\"", "FS0001", "expected to have type", 1, 29
        "let f (s: Step) = s.Signal.Get<int>()", "FS0039", "'Get'", 1, 28
        "let x = child \"A\"  \"B\" |> withPriority \"1\"", "FS0001", "expected to have type", 1, 40
        "let x : NextState = task { return goto \"A\" }", "FS0193", "is not compatible with type", 1, 21
        "type R = { A: int }\nlet r = { B = 1 }", "FS0039", "'B' is not defined", 2, 11
        "type R = { A: int; B: int }\nlet r: R = { A = 1 }", "FS0764", "No assignment given for field 'B'", 2, 12
        "type U = X | Y\nlet u: U = Z", "FS0039", "'Z' is not defined", 2, 12
        "let f x = x + 1\nlet y = f 1 2", "FS0003", "not a function", 2, 9
        "let x = if true then 1 else \"a\"", "FS0001", "This branch returns a value of type 'string'", 1, 29
        "let x = match 1 with 1 -> \"a\" | _ -> 2", "FS0001", "This branch returns a value of type 'int'", 1, 38
        "let x = [ 1; \"a\" ]", "FS0001", "This element has type 'string'", 1, 14
        "let x = new DateTimee()", "FS0039", "'DateTimee' is not defined", 1, 13
        "let x = (1).Foo", "FS0039", "'Foo'", 1, 13
        "let x = null + 1", "FS0043", "'null'", 1, 14
        "let work2 x = 1\nlet work2 x = 2", "FS0037", "Duplicate definition of value 'work2'", 2, 5
        "type A = { X: B }", "FS0039", "'B' is not defined", 1, 15
    ]

    let private syntax = [
        "let x = (1", "FS0058", "offside of context started at position (6:1)", 2, 1
        "let x = [ 1", "FS0598", "Unmatched '['", 1, 9
        "let x = { A = 1", "FS0604", "Unmatched '{'", 1, 9
        "let x = 1 )", "FS0010", "Unexpected symbol ')'", 1, 11
        "let x = \"\"\"open", "FS1232", "End of file in triple-quote string", 1, 9
        "(* open", "FS0516", "End of file in comment", 1, 1
        "let = 1", "FS0010", "Unexpected symbol '='", 1, 5
        "let 1x = 1", "FS1156", "not a valid numeric literal", 1, 5
        "let x == 1", "FS0010", "Unexpected infix operator", 1, 7
        "match 1 with", "FS0010", "Unexpected keyword", 2, 1
        "if true then", "FS3524", "Expecting expression", 2, 1
        "type", "FS0010", "Incomplete structured construct", 1, 6
        "fun x ->", "FS0588", "is unfinished", 3, 1
        "let x = @@", "FS0010", "Incomplete structured construct", 2, 1
        "let x = 'ab'", "FS0626", "Incomplete character literal", 1, 9
    ]

    let private operations = [
        "start 1 work [ \"Done\" ]", "FS0041", ""
        "start \"A\" work \"Done\"", "FS0041", "start takes a name, a function of a Step"
        "start \"A\" 1 [ \"Done\" ]", "FS0041", ""
        "start", "FS0505", "start takes a name, a function of a Step"
        "state \"A\" work [ 1 ]", "FS0041", "It got: string, (Step -> NextState), int list."
        "finish 1", "FS0001", ""
        "error 1", "FS0001", ""
        "error \"A\" [ \"B\" ]", "FS3099", ""
        "finish \"A\" [ \"B\" ]", "FS3099", ""
        "retry 3", "FS0001", ""
        "retry", "FS3099", ""
        "description 1", "FS0001", ""
        "onCancel 1", "FS0001", ""
        "onCancel", "FS3099", ""
        "start \"A\" work [ \"Done\" ] [ seconds 1 ]", "FS0041", ""
        "manual \"A\" 1", "FS0041", "a list of targets or a function of a Step and a signal"
        "strat \"A\" work", "FS0039", "'strat' is not defined. Maybe you want one of the following:\n   start"
        "goes \"A\"", "FS0039", "'goes' is not defined"
    ]

    let private tokens = [
        "#r \"nuget: Newtonsoft.Json\"", "GF0005", "nothing is downloaded"
        "#r \"nuget:Dapper, 2.1\"", "GF0005", "nothing is downloaded"
        "#r \" NUGET: A\"", "GF0005", "nothing is downloaded"
        "#r \"System.Net.Http\"", "GF0005", "needs no #r"
        "#r \"Missing.dll\"", "GF0005", "there is no such assembly in the lib folder"
        "#r \"lib/Missing.dll\"", "GF0005", "there is no such assembly in the lib folder"
        "#r \"../Missing.dll\"", "GF0005", "there is no such assembly in the lib folder"
        "#r \"/etc/passwd\"", "GF0005", "there is no such assembly in the lib folder"
        "#load \"../Other.fsx\"", "GF0004", "leaves the folder of the scripts"
        "#load \"/etc/passwd\"", "GF0004", "leaves the folder of the scripts"
        "#load \"sub/Other.fsx\"", "GF0004", "leaves the folder of the scripts"
        "#load \"..\"", "GF0004", "leaves the folder of the scripts"
        "#load \"Missing.fsx\"", "GF0004", "there is no such file beside the script"
        "#load \"./Missing.fs\"", "GF0004", "there is no such file beside the script"
        "#I \"/tmp\"", "GF0003", "belongs to an interactive session"
        "#quit", "GF0003", "belongs to an interactive session"
        "#time \"on\"", "GF0003", "belongs to an interactive session"
        "#help", "GF0003", "belongs to an interactive session"
    ]

    let private names = [
        "Test"
        ""
        "../Test.fsx"
        "a/b.fsx"
        "1.fsx"
        "Test.txt"
        "A B.fsx"
        "A;B.fsx"
        ".fsx"
        "é.fsx"
    ]

    /// The body of a workflow. It starts after the line `firstLine + 1`, indented by four spaces. Line 0 means the workflow's name.
    let private machines = [
        [ "finish \"Done\"" ], "has no Start state", 0, 0
        [ "start \"A\" work [ \"Nowhere\" ]" ], "goes to 'Nowhere', which is not a state", 1, 22
        [ "start \"A\" work [ \"Done\"; \"Gone\" ]"; "finish \"Done\"" ], "goes to 'Gone'", 1, 30
        [
            "start \"A\" work [ \"Done\" ]"
            "state \"B\" work [ \"Gone\" ]"
            "finish \"Done\""
        ],
        "goes to 'Gone'",
        2,
        22
        [ "start \"A\" work [ \"Done\"; \"Done\" ]"; "finish \"Done\"" ], "names the target 'Done' 2 times", 1, 30
        [ "start \"A\" work []"; "finish \"Done\"" ], "has no way out", 1, 11
        [ "start \"A\" work"; "finish \"Dnoe\"" ], "goes to 'Done', which is not a state", -1, 30
        [
            "start \"A\" work"
            "state \"B\" (fun (_: Step) -> goto \"Done\")"
            "finish \"Dnoe\""
        ],
        "state 'B': goes to 'Done', which is not a state",
        2,
        38
        [ "start \"A\" work [ \"Done\" ]"; "finish \"Done\""; "finish \"Left\"" ], "cannot be reached", 3, 12
        [ "start \"A\" work [ \"Done\" ]"; "finish \"Done\""; "error \"Left\"" ], "cannot be reached", 3, 11
        [
            "start \"A\" work [ \"Done\" ]"
            "finish \"Done\""
            "state \"Left\" work [ \"Done\" ]"
        ],
        "cannot be reached",
        3,
        11
        [ "start \"A\" work [ \"Done\" ]"; "finish \"Done\""; "finish \"Done\"" ], "is declared 2 times", 3, 12
        [
            "start \"A\" work [ \"Done\" ]"
            "finish \"Done\""
            "start \"Done\" work [ \"A\" ]"
        ],
        "is declared 2 times",
        3,
        11
        [ "start \"A\" work [ \"B\" ]"; "start \"B\" work [ \"A\" ]" ], "has 2 Start states (A, B)", 0, 0
        [ "start \"\" work [ \"Done\" ]"; "finish \"Done\"" ], "the name of the state is empty", 1, 11
        [ "start \" A\" work [ \"Done\" ]"; "finish \"Done\"" ], "blanks around it", 1, 11
        [ "start \"A\" work [ \"Done\" ] [ timeout (seconds 0) ]"; "finish \"Done\"" ],
        "has a timeout of 00:00:00",
        1,
        11
        [
            "start \"A\" work [ \"Done\" ] [ retrying (linear -1 (seconds 1) (seconds 2)) ]"
            "finish \"Done\""
        ],
        "-1 retries",
        1,
        11
        [
            "start \"A\" work [ \"Done\" ]"
            "retry (linear 1 (seconds 2) (seconds 1))"
            "finish \"Done\""
        ],
        "delays from 00:00:02 to 00:00:01",
        0,
        0
        [ "onCancel \"Nowhere\""; "start \"A\" work [ \"Done\" ]"; "finish \"Done\"" ],
        "goes to 'Nowhere' when it is cancelled, which is not a state with a function",
        1,
        14
        [ "start \"A\" work [ \"Done\" ]"; "onCancel \"Done\""; "finish \"Done\"" ],
        "goes to 'Done' when it is cancelled",
        2,
        14
        [ "start \"A\" work [ \"Done\" ]"; "onFailure \"Done\""; "finish \"Done\"" ],
        "goes to 'Done' when a state fails",
        2,
        15
        [
            "start \"A\" work [ \"Done\" ] [ compensatedBy \"Nowhere\" ]"
            "finish \"Done\""
        ],
        "is compensated by 'Nowhere', which is not a state of the definition",
        1,
        47
    ]

    let private machine index (lines: string list, text, line, column) =
        let body = lines |> List.map (fun line -> "    " + line) |> String.concat "\n"

        let source =
            ScriptSource.single
                "Test.fsx"
                (Scripts.opening
                 + Scripts.valid
                 + "\nlet workflow = workflow \"Test\" {\n"
                 + body
                 + "\n}\n")

        let first = Scripts.firstLine + 1

        // An error of the whole workflow is reported at its name.
        if line = 0 then
            inFile $"machine {index}" source "GF0014" text first 25
        else
            inFile $"machine {index}" source "GF0014" text (first + line) column

    /// The same errors at several lines: positions refer to the script, without the generated lines.
    let private shifted = [
        for lines in [ 1; 2; 3; 4; 5; 8; 13; 21; 34; 55; 89; 144; 233 ] do
            for code, kind, text, column in
                [
                    "let x: int = \"a\"", "FS0001", "expected to have type", 14
                    "  let y = 1", "FS0058", "", 3
                    "let x = undefinedName", "FS0039", "'undefinedName' is not defined", 9
                    "let x = failwith<int> \"thrown\"", "GF0012", "thrown", 1
                ] do
                if kind <> "FS0058" then
                    inCode (String.replicate lines "// above\n" + code) kind text (lines + 1) column
    ]

    let private inLoaded =
        [
            "let x: int = \"a\"", "FS0001", "expected to have type", 1, 14
            "let ok = 1\nlet x = undefinedName", "FS0039", "'undefinedName'", 2, 9
            "let x = (1", "FS0583", "Unmatched '('", 1, 9
            "#r \"nuget: A\"", "GF0005", "nothing is downloaded", 1, 1
            "#load \"../A.fsx\"", "GF0004", "leaves the folder", 1, 1
            "#load \"Shared.fsx\"", "GF0004", "in a circle", 1, 1
            "#load \"Test.fsx\"", "GF0004", "there is no such file", 1, 1
        ]
        |> List.map (fun (text, code, words, line, column) -> {
            Title = $"in a loaded file: {text}"
            Source = {
                Scripts.script ("#load \"Shared.fsx\"\n" + Scripts.valid) with
                    Loaded = Map [ "Shared.fsx", text ]
            }
            Code = code
            Text = words
            File = "Shared.fsx"
            Line = line
            Column = column
        })

    let private exceptions =
        [
            "failwith \"broken\"", "Exception: broken"
            "invalidArg \"a\" \"broken\"", "ArgumentException: broken"
            "raise (InvalidOperationException \"broken\")", "InvalidOperationException: broken"
            "raise (NotRetryableException \"broken\")", "NotRetryableException: broken"
            "Int32.Parse \"x\"", "FormatException"
            "List.head ([]: int list)", "ArgumentException"
            "Map.find 1 (Map [ 2, 3 ])", "KeyNotFoundException"
            "[| 1 |][5]", "IndexOutOfRangeException"
            "1 / (DateTime.Now.Year - DateTime.Now.Year)", "DivideByZeroException"
            "(null: string).Length", "NullReferenceException"
            "(task { return failwith<int> \"later\" }).Result", "later"
            "(Async.RunSynchronously (async { return failwith<int> \"async\" }))", "async"
            "(IO.File.ReadAllText \"/not/there\").Length", "DirectoryNotFoundException"
            "(let rec deep n = 1 + deep n in deep 0)", "InsufficientExecutionStackException"
        ]
        |> List.map (fun (expression, text) -> inCode $"let broken: int = {expression}" "GF0012" text 1 1)

    let private noWorkflows =
        [
            "", "has no workflow"
            "// only a comment", "has no workflow"
            "let x = 1", "has no workflow"
            "let workflow () = workflow \"W\" { finish \"F\" }", "has no workflow"
            "let hidden = let inner = workflow \"W\" { finish \"F\" } in 1", "has no workflow"
            "let draft = [ workflow \"W\" { finish \"F\" } ]", "has no workflow"
        ]
        |> List.mapi (fun index (code, text) ->
            let title, source =
                whole $"no workflow {index}" ("open GopherFlow.FSharp\n" + code + "\n")

            inFile title source "GF0010" text 1 1)

    let private several =
        [ 2; 3; 4 ]
        |> List.map (fun count ->
            let definitions =
                [
                    for n in 1..count -> $"let w{n} = workflow \"W{n}\" {{ start \"A\" work [ \"B\" ]; finish \"B\" }}"
                ]
                |> String.concat "\n"

            let title, source =
                whole $"{count} workflows" (Scripts.opening + Scripts.valid + "\n" + definitions + "\n")

            inFile title source "GF0011" $"has {count} workflows: w1 (\"W1\"), w2 (\"W2\")" 1 1)

    let private sizes =
        [ 262145; 300000; 1000000 ]
        |> List.map (fun bytes ->
            let title, source = whole $"{bytes} bytes" (String.replicate bytes " ")
            inFile title source "GF0001" $"have {bytes} bytes; at most 262144 are allowed" 1 1)

    let private byHand =
        [
            ScriptSource.single
                "Test.fsx"
                (Scripts.opening
                 + Scripts.valid
                 + "\nlet w = workflow \"W\" { version \"2\"; start \"A\" work [ \"B\" ]; finish \"B\" }\n")
        ]
        |> List.map (fun source -> inFile "version by hand" source "GF0015" "remove: version \"2\"" 1 1)

    let all: FaultyScript list = [
        for code, kind, text, line, column in types @ syntax do
            inCode code kind text line column
        for operation, kind, words in operations do
            let title, source =
                whole
                    operation
                    (Scripts.opening
                     + Scripts.valid
                     + "\nlet w = workflow \"W\" {\n    "
                     + operation
                     + "\n}\n")

            inFile title source kind words (Scripts.firstLine + 2) 0
        for directive, kind, text in tokens do
            inCode directive kind text 1 1

            inFile
                $"at the top: {directive}"
                (ScriptSource.single "Test.fsx" (directive + "\n" + Scripts.opening + Scripts.valid + Scripts.closing))
                kind
                text
                1
                1
        for name in names do
            inFile
                $"named {name}"
                {
                    Scripts.script Scripts.valid with
                        Name = name
                }
                "GF0002"
                "is not a valid name for a script"
                1
                1
        yield! List.mapi machine machines
        yield! shifted
        yield! inLoaded
        yield! exceptions
        yield! noWorkflows
        yield! several
        yield! sizes
        yield! byHand
    ]

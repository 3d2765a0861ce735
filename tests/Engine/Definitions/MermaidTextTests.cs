using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Engine.Tests.Definitions;

/// <summary>The Mermaid text of a state diagram.</summary>
public sealed class MermaidTextTests
{
    [Fact]
    public void States_transitions_and_classes_keep_the_order_of_declaration()
    {
        var text = MermaidText.Of(
            WorkflowDefinitionBuilder
                .Named("W")
                .Start("Init", Go, goesTo: ["Review", "Bad"])
                .State("Review", Go, goesTo: ["Review", "Approve"])
                .Manual("Approve", "Done")
                .Error("Bad")
                .End("Done")
                .Build()
        );

        Assert.Equal(
            [
                "flowchart TD",
                "    Init --> Review",
                "    Init --> Bad",
                "    Review --> Review",
                "    Review --> Approve",
                "    Approve --> Done",
            ],
            text.Split('\n')[..6]
        );
        Assert.Equal(
            [
                "    class Init startClass;",
                "    class Review normalClass;",
                "    class Approve manualClass;",
                "    class Bad errorClass;",
                "    class Done doneClass;",
                "",
            ],
            text.Split('\n')[^6..]
        );
        Assert.Contains("classDef startClass fill:#5568FE,stroke:#3346FF", text);
    }

    [Fact]
    public void A_dotted_line_links_a_state_and_the_state_that_compensates_it() =>
        Assert.Equal(
            ["    Pay --> Done", "    Pay -.-> Refund"],
            MermaidText
                .Of(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Start("Pay", Go, goesTo: ["Done"])
                        .State("Refund", Go, goesTo: [])
                        .Compensate("Pay", by: "Refund")
                        .End("Done")
                        .Build()
                )
                .Split('\n')[1..3]
        );

    [Fact]
    public void Names_that_Mermaid_would_misparse_get_an_id_and_a_label()
    {
        var text = MermaidText.Of(
            WorkflowDefinitionBuilder.Named("W").Start("Zu Beginn \"x\"", Go, goesTo: ["end"]).End("end").Build()
        );

        Assert.Contains("    state-0[\"Zu Beginn #quot;x#quot;\"]\n", text);
        Assert.Contains("    state-1[\"end\"]\n", text);
        Assert.Contains("    state-0 --> state-1\n", text);
        Assert.DoesNotContain("--> end", text);
    }

    private static NextState Go(StepContext step) => NextState.GoTo("Done");
}

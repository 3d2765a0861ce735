using GopherFlow.Client;

namespace GopherFlow.Tool.Tests.Takeover;

/// <summary>A server with the Order workflow. An order can have child orders.</summary>
public sealed class OrderServer : IAsyncLifetime
{
    private const string Order = """
        open GopherFlow.FSharp

        let begin' (_: Step) = goto "Review"

        let ship (step: Step) =
            step.Vars["shipped"] <- "yes"
            goto "Done"

        let sum (step: Step) =
            task {
                let! children = step.Children()
                step.Vars["children"] <- string children.Length
                return goto "Done"
            }

        let workflow =
            workflow "Order" {
                description "An order"
                start "Begin" begin' [ "Review" ]
                manual "Review" [ "Ship"; "Sum"; "Lost" ]
                state "Ship" ship [ "Done" ]
                state "Sum" sum [ "Done" ]
                finish "Done"
                error "Lost"
            }
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gopherflow-takeover-");
    private DevServer? server;

    /// <summary>The base address of the server.</summary>
    public string Url => server!.Url;

    /// <summary>A temporary folder that is deleted after the tests.</summary>
    public string Folder => folder.FullName;

    /// <summary>A client of the server.</summary>
    public GopherFlowClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        folder.CreateSubdirectory("scripts");
        await File.WriteAllTextAsync(Path.Combine(Folder, "scripts", "Order.fsx"), Order);
        server = await DevServer.StartAsync(Folder);
        Client = new GopherFlowClient(new HttpClient { BaseAddress = new Uri(Url) }, DevKey.OfUser().Find()!);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    /// <summary>Waits until a workflow has ended.</summary>
    public async Task<Workflow> EndAsync(string externalId)
    {
        await new HttpWorkflowClient(Client).Handle(externalId).EndAsync(TestContext.Current.CancellationToken);
        return await FindAsync(externalId);
    }

    /// <summary>Finds a workflow by its external id.</summary>
    public Task<Workflow> FindAsync(string externalId) =>
        Client.GetWorkflowByExternalIdAsync(externalId, TestContext.Current.CancellationToken);
}

using GopherFlow.Client;

namespace GopherFlow.Tool.Tests.Takeover;

/// <summary>A server that runs orders. An order may be the parent of others.</summary>
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

    /// <summary>Where it is.</summary>
    public string Url => server!.Url;

    /// <summary>A folder that is gone when the tests are over.</summary>
    public string Folder => folder.FullName;

    /// <summary>A client of it.</summary>
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

    /// <summary>A workflow by its external id.</summary>
    public Task<Workflow> FindAsync(string externalId) =>
        Client.GetWorkflowByExternalIdAsync(externalId, TestContext.Current.CancellationToken);
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using GopherFlow.Client;
using GopherFlow.Tool.Output;

namespace GopherFlow.Tool;

/// <summary>The options of all commands that call a server: its address, the API key, and the output format.</summary>
internal sealed class Connection
{
    private const string ServerVariable = "GOPHERFLOW_SERVER";
    private const string KeyVariable = "GOPHERFLOW_API_KEY";

    /// <summary>The timeout of requests, longer than the longest wait that a server allows.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromMinutes(6);

    private readonly Option<Uri> server = new("--server")
    {
        Description = $"The address of the server. Default: {ServerVariable}, otherwise http://localhost:8080.",
        Recursive = true,
        CustomParser = AddressIn,
        DefaultValueFactory = _ => DefaultAddress(),
    };

    private readonly Option<string?> key = new("--key")
    {
        Description = $"An API key. Default: {KeyVariable}, otherwise the key of 'gopherflow dev' on this machine.",
        Recursive = true,
    };

    private readonly Option<bool> json = new("--json")
    {
        Description = "Print the JSON that the server has sent.",
        Recursive = true,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command root)
    {
        root.Options.Add(server);
        root.Options.Add(key);
        root.Options.Add(json);
    }

    /// <summary>The printer for the results of a command.</summary>
    public Printer Printer(ParseResult parsed) => new(Console.Out, parsed.GetValue(json));

    /// <summary>A printer that always prints JSON.</summary>
    public static Printer JsonPrinter() => new(Console.Out, isJson: true);

    /// <summary>A client for the server in the options.</summary>
    /// <exception cref="CommandException">There is no API key for the server.</exception>
    public GopherFlowClient Client(ParseResult parsed)
    {
        var address = parsed.GetValue(server)!;

        // The key is sent only to the server itself: not to redirect targets, and not through a proxy to a server on this machine.
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseProxy = !address.IsLoopback };
        return new GopherFlowClient(
            new HttpClient(handler) { BaseAddress = address, Timeout = Timeout },
            parsed.GetValue(key) ?? Environment.GetEnvironmentVariable(KeyVariable) ?? KeyFor(address)
        );
    }

    /// <summary>Finds a workflow by its id or external id.</summary>
    /// <exception cref="GopherFlowException">There is no such workflow.</exception>
    /// <exception cref="CommandException">
    /// The text is the id of one workflow and the external id of another; or there is no workflow with an external id that cannot be part
    /// of a URL.
    /// </exception>
    public static async Task<Workflow> FindAsync(GopherFlowClient client, string id, CancellationToken cancellation)
    {
        if (id is "." or "..")
        {
            return await FindByDotsAsync(client, id, cancellation);
        }

        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return await client.GetWorkflowByExternalIdAsync(id, cancellation);
        }

        var byExternalId = await FindByExternalIdAsync(client, id, cancellation);
        try
        {
            var byId = await client.GetWorkflowAsync(number, cancellation);
            return byExternalId is null || byExternalId.Id == byId.Id
                ? byId
                : throw new CommandException(
                    $"'{id}' is the id of the workflow with the external id '{byId.ExternalId}', and the external id of the workflow with the id {byExternalId.Id}. Use the other id of the workflow that you mean."
                );
        }
        catch (GopherFlowException refused) when (IsUnknown(refused) && byExternalId is not null)
        {
            return byExternalId;
        }
    }

    private static async Task<Workflow> FindByDotsAsync(
        GopherFlowClient client,
        string externalId,
        CancellationToken cancellation
    )
    {
        try
        {
            var found = await new HttpWorkflowClient(client).Handle(externalId).QueryAsync(cancellation);
            return await client.GetWorkflowAsync(found.Id, cancellation);
        }
        catch (WorkflowCallException refused)
        {
            throw new CommandException(refused.Message);
        }
    }

    private static async Task<Workflow?> FindByExternalIdAsync(
        GopherFlowClient client,
        string externalId,
        CancellationToken cancellation
    )
    {
        try
        {
            return await client.GetWorkflowByExternalIdAsync(externalId, cancellation);
        }
        catch (GopherFlowException refused) when (IsUnknown(refused))
        {
            return null;
        }
    }

    private static bool IsUnknown(GopherFlowException refused) =>
        refused is { Status: HttpStatusCode.NotFound, Problem: not null };

    private static Uri DefaultAddress()
    {
        var text = Environment.GetEnvironmentVariable(ServerVariable) ?? "http://localhost:8080";
        return AddressOf(text) ?? throw new CommandException($"{ServerVariable} {Expected(text)}");
    }

    private static Uri? AddressIn(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var address = AddressOf(text);
        if (address is null)
        {
            result.AddError($"--server {Expected(text)}");
        }

        return address;
    }

    private static Uri? AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : null;

    private static string Expected(string text) => $"is '{text}'; expected an address such as http://localhost:8080.";

    /// <summary>The key of <c>gopherflow dev</c>, which is sent only to servers on this machine.</summary>
    private static string KeyFor(Uri address)
    {
        if (!IsThisMachine(address))
        {
            throw new CommandException($"--key or {KeyVariable} must be an API key for {address}.");
        }

        var made = DevKey.OfUser();
        return made.Find()
            ?? throw new CommandException(
                $"--key or {KeyVariable} must be an API key for {address}, because there is none in {made.Location}. 'gopherflow dev' creates one there for the servers that it starts."
            );
    }

    private static bool IsThisMachine(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
}

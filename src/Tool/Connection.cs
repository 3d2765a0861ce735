using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using GopherFlow.Client;
using GopherFlow.Tool.Output;

namespace GopherFlow.Tool;

/// <summary>The options that every command of a server has: which server, with which key, and how to print.</summary>
internal sealed class Connection
{
    private const string ServerVariable = "GOPHERFLOW_SERVER";
    private const string KeyVariable = "GOPHERFLOW_API_KEY";

    private readonly Option<Uri> server = new("--server")
    {
        Description = $"The address of the server. Default: {ServerVariable}, else http://localhost:8080.",
        Recursive = true,
        CustomParser = AddressIn,
        DefaultValueFactory = _ => new Uri(
            Environment.GetEnvironmentVariable(ServerVariable) ?? "http://localhost:8080"
        ),
    };

    private readonly Option<string?> key = new("--key")
    {
        Description = $"An API key. Default: {KeyVariable}, else the key of 'gopherflow dev' on this machine.",
        Recursive = true,
    };

    private readonly Option<bool> json = new("--json")
    {
        Description = "Print JSON, as the server sends it.",
        Recursive = true,
    };

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command root)
    {
        root.Options.Add(server);
        root.Options.Add(key);
        root.Options.Add(json);
    }

    /// <summary>How the results of a command are printed.</summary>
    public Printer Printer(ParseResult parsed) => new(Console.Out, parsed.GetValue(json));

    /// <summary>Prints JSON, whatever the options say.</summary>
    public static Printer JsonPrinter() => new(Console.Out, isJson: true);

    /// <summary>A client of the server that the command names.</summary>
    /// <exception cref="CommandException">There is no key for it.</exception>
    public GopherFlowClient Client(ParseResult parsed)
    {
        var address = parsed.GetValue(server)!;
        return new GopherFlowClient(
            new HttpClient { BaseAddress = address },
            parsed.GetValue(key) ?? Environment.GetEnvironmentVariable(KeyVariable) ?? KeyFor(address)
        );
    }

    /// <summary>A workflow by its id, or by its external id.</summary>
    /// <exception cref="GopherFlowException">There is none.</exception>
    public static Task<Workflow> FindAsync(GopherFlowClient client, string id, CancellationToken cancellation) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? client.GetWorkflowAsync(number, cancellation)
            : client.GetWorkflowByExternalIdAsync(id, cancellation);

    private static Uri? AddressIn(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            return address;
        }

        result.AddError($"--server is '{text}'; expected an address such as http://localhost:8080.");
        return null;
    }

    /// <summary>The key of <c>gopherflow dev</c>, which goes to servers of this machine only.</summary>
    private static string KeyFor(Uri address)
    {
        if (!IsThisMachine(address))
        {
            throw new CommandException($"--key or {KeyVariable} must name an API key for {address}.");
        }

        var made = DevKey.OfUser();
        return made.Find()
            ?? throw new CommandException(
                $"--key or {KeyVariable} must name an API key for {address}, because there is none in {made.Location}. 'gopherflow dev' makes that one for the servers that it starts."
            );
    }

    private static bool IsThisMachine(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
}

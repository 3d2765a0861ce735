namespace GopherFlow.TestSupport;

/// <summary>The stores that every test of behaviour runs over.</summary>
public enum StoreKind
{
    /// <summary>The in-memory store.</summary>
    InMemory,

    /// <summary>The SQLite store, on a file of its own.</summary>
    Sqlite,

    /// <summary>The PostgreSQL store, in a schema of its own on the server that <c>build.fsx test</c> starts.</summary>
    Postgres,

    /// <summary>The MySQL store, in a database of its own on the MariaDB server that <c>build.fsx test</c> starts.</summary>
    MariaDb,
}

/// <summary>Which kinds of store can be tested here.</summary>
public static class StoreKinds
{
    /// <summary>
    /// All whose server is named. With CI=true every kind is among them: a test over one without a server then fails and says so.
    /// </summary>
    public static IReadOnlyList<StoreKind> Here { get; } =
    [.. Enum.GetValues<StoreKind>().Where(kind => IsRequired || ServerOf(kind) is not "")];

    private static bool IsRequired => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The administrator's connection string of the server of a kind.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    internal static string RequireServerOf(StoreKind kind) =>
        ServerOf(kind) is { Length: > 0 } server
            ? server
            : throw new InvalidOperationException(
                $"{VariableOf(kind)} names no server, so {kind} cannot be tested; 'dotnet fsi build.fsx test' starts one."
            );

    /// <summary>Null for a kind that needs no server, empty where it is not named.</summary>
    private static string? ServerOf(StoreKind kind) =>
        VariableOf(kind) is { } variable ? Environment.GetEnvironmentVariable(variable) ?? "" : null;

    private static string? VariableOf(StoreKind kind) =>
        kind switch
        {
            StoreKind.Postgres => "GFLOW_TEST_POSTGRES",
            StoreKind.MariaDb => "GFLOW_TEST_MARIADB",
            _ => null,
        };
}

using System.CommandLine;
using System.Text;
using System.Text.Json;
using GopherFlow.Client;
using GopherFlow.Tool;
using GopherFlow.Tool.Commands;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
var connection = new Connection();
var root = new RootCommand("GopherFlow from the command line.")
{
    DevCommand.Of(),
    StartCommand.Of(connection),
    ListCommand.Of(connection),
    ShowCommand.Of(connection),
    SignalCommand.Of(connection),
    RetryCommand.Of(connection),
    CancelCommand.Of(connection),
    DeployCommand.Of(connection),
    TryCommand.Of(connection),
    ExportCommand.Of(connection),
    ReplayCommand.Of(connection),
    TakeoverCommand.Of(connection),
    CompletionsCommand.Of(),
};
connection.AddTo(root);
var failure = 1;
try
{
    var parsed = root.Parse(args);
    var command = parsed.CommandResult.Command.Name;

    // For replay, 1 is a regular result.
    failure = command == "replay" ? 2 : 1;
    var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
    if (command == "dev")
    {
        // The host handles SIGINT and SIGTERM itself, and takes the time that a graceful shutdown needs.
        invocation.ProcessTerminationTimeout = null;
    }

    var code = await parsed.InvokeAsync(invocation);
    return parsed.Errors.Count > 0 ? failure : code;
}
catch (Exception fault)
    when (fault is CommandException or GopherFlowException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return failure;
}
catch (HttpRequestException fault)
{
    await Console.Error.WriteLineAsync(
        $"The server cannot be reached: {fault.Message} 'gopherflow dev' starts one; --server selects another."
    );
    return failure;
}
catch (JsonException fault)
{
    await Console.Error.WriteLineAsync(
        $"The response is not from a GopherFlow server of this version: {fault.Message} --server selects another."
    );
    return failure;
}
catch (OperationCanceledException late) when (late.InnerException is TimeoutException)
{
    await Console.Error.WriteLineAsync($"The server did not respond within {Connection.Timeout.TotalMinutes} minutes.");
    return failure;
}
catch (OperationCanceledException)
{
    return 130;
}

using System.CommandLine;
using GopherFlow.Client;
using GopherFlow.Tool;
using GopherFlow.Tool.Commands;

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
    CompletionsCommand.Of(),
};
connection.AddTo(root);
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception fault) when (fault is CommandException or GopherFlowException or IOException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
catch (HttpRequestException fault)
{
    await Console.Error.WriteLineAsync(
        $"The server cannot be reached: {fault.Message} 'gopherflow dev' starts one; --server names another."
    );
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}

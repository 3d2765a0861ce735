using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace GopherFlow.Bench.Http;

/// <summary>
/// A client with its own connection that sends the next request when the previous response has arrived. It does as little as possible,
/// because it shares the cores with the measured server.
/// </summary>
internal sealed class HttpCaller(Socket socket) : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    private readonly byte[] buffer = new byte[16 * 1024];

    public static async Task<HttpCaller> ConnectAsync(Uri server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        return new HttpCaller(socket);
    }

    /// <summary>Posts JSON.</summary>
    /// <returns>The status of the response.</returns>
    public async Task<int> PostAsync(string path, string apiKey, string body)
    {
        var request =
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {apiKey}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        await socket.SendAsync(Encoding.UTF8.GetBytes(request));
        return await ReadAsync();
    }

    public void Dispose() => socket.Dispose();

    private async Task<int> ReadAsync()
    {
        var read = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(read));
            if (received == 0)
            {
                throw new IOException("The server has closed the connection.");
            }

            read += received;
            var end = buffer.AsSpan(0, read).IndexOf(HeadEnd);
            if (end >= 0)
            {
                var head = Encoding.ASCII.GetString(buffer, 0, end);
                if (read >= end + HeadEnd.Length + LengthOf(head))
                {
                    return int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
                }
            }
        }
    }

    private static int LengthOf(string head)
    {
        const string name = "Content-Length: ";
        var start = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return start < 0
            ? 0
            : int.Parse(head.AsSpan(start + name.Length).ToString().Split('\r')[0], CultureInfo.InvariantCulture);
    }
}

using System.Net;
using System.Net.Sockets;
using Orleans.Kms.Silo;

namespace Orleans.Kms.Grains.Tests.Setup;

public sealed class HeldPortTests
{
    [Fact]
    public async Task Held_port_can_be_listened_on()
    {
        using var held = new HeldPort();
        using var listener = new TcpListener(IPAddress.Loopback, held.Number);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, held.Number);
        using var accepted = await listener.AcceptTcpClientAsync();
        Assert.True(accepted.Connected);
    }
}

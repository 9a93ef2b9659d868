using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Kms.Silo;
using Orleans.Serialization;
using Polly.Timeout;

namespace Orleans.Kms.Grains.Tests.Setup;

/// <summary>What fails below the service is told from silo to silo as what it is.</summary>
public sealed class ToldFailuresTests
{
    [Fact]
    public void A_failure_of_the_database_or_of_a_time_limit_is_still_one_when_it_has_been_sent()
    {
        using var services = new ServiceCollection().AddSerializer().Configure<ExceptionSerializationOptions>(SiloSetup.TellFailures).BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        T Sent<T>(T failure) where T : Exception => Assert.IsType<T>(serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(failure)));

        Assert.Contains("stopping", Sent(new PostgresException("stopping", "FATAL", "FATAL", "57P01")).Message, StringComparison.Ordinal);
        Assert.IsType<TimeoutException>(Sent(new NpgsqlException("lost", new TimeoutException())).InnerException);
        Assert.IsType<TimeoutRejectedException>(Sent(new TimeoutException("Grain placement operation timed out", new TimeoutRejectedException())).InnerException);
    }
}

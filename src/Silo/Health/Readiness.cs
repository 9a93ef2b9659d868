using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Storage;

namespace Orleans.Kms.Silo.Health;

/// <summary>What <c>/readyz</c> asks: is this silo a member, can the database be written, does the token, if there is one, work.</summary>
internal static class Readiness
{
    /// <summary>The check that the silo is a member.</summary>
    public const string Silo = "silo";

    // A dependency that does not answer in this time counts as down.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Adds the checks.</summary>
    public static void AddKmsReadiness(this IServiceCollection services, bool hasToken)
    {
        var checks = services.AddSingleton<ReadinessReport>().AddHealthChecks()
            .AddCheck<SiloCheck>(Silo, timeout: Patience)
            .AddCheck<DatabaseCheck>("database", timeout: Patience)
            .AddCheck<GrainStorageCheck>("storage", timeout: Patience)
            .AddCheck<TrailCheck>("trail", timeout: Patience);
        if (hasToken) checks.AddCheck<TokenCheck>("token", timeout: Patience);
    }

    /// <summary>Maps <c>/healthz</c> (the process answers) and <c>/readyz</c> (it can serve calls; otherwise 503 and which check failed).</summary>
    public static void MapKmsHealth(this IEndpointRouteBuilder app, IServiceProvider service)
    {
        var readiness = service.GetRequiredService<ReadinessReport>();
        app.MapGet("/healthz", () => "alive");
        app.MapGet("/readyz", async (CancellationToken cancellation) =>
        {
            var report = await readiness.Get(cancellation);
            return Results.Json(
                report.Entries.ToDictionary(e => e.Key, e => e.Value.Status == HealthStatus.Healthy ? "ok" : "failed"),
                statusCode: report.Status == HealthStatus.Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
    }

    private sealed class SiloCheck(ISiloStatusOracle silo) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) => Task.FromResult(
            silo.CurrentStatus == SiloStatus.Active ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"The silo is {silo.CurrentStatus}."));
    }

    private sealed class DatabaseCheck(BatchWriter writer, TimeProvider clock) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            try
            {
                await writer.Execute(command => command.Sql(
                    "INSERT INTO kms_probe (id, probed_at) VALUES (1, @now) ON CONFLICT (id) DO UPDATE SET probed_at = excluded.probed_at",
                    ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds())).ExecuteNonQuery()).WaitAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (KmsException e)
            {
                return HealthCheckResult.Unhealthy(e.Message);
            }
        }
    }

    private sealed class TrailCheck(TrailWriter writer, TimeProvider clock) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            try
            {
                await writer.Execute(command => command.Sql(
                    "INSERT INTO kms_trail_probe (id, probed_at) VALUES (1, @now) ON CONFLICT (id) DO UPDATE SET probed_at = excluded.probed_at",
                    ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds())).ExecuteNonQuery()).WaitAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (KmsException e)
            {
                return HealthCheckResult.Unhealthy(e.Message);
            }
        }
    }

    private sealed class GrainStorageCheck([FromKeyedServices(StorageNames.Grains)] IGrainStorage storage, TimeProvider clock) : IHealthCheck
    {
        private static readonly GrainId Id = GrainId.Create("probe", "probe");

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            try
            {
                var state = new GrainState<ProbeRecord>();
                await storage.ReadStateAsync("probe", Id, state).WaitAsync(cancellationToken);
                state.State = new ProbeRecord { ProbedAt = clock.GetUtcNow(), Filler = new byte[1024] };
                await storage.WriteStateAsync("probe", Id, state).WaitAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            // Another check wrote at the same time: so the storage works.
            catch (InconsistentStateException)
            {
                return HealthCheckResult.Healthy();
            }
        }
    }

    private sealed class TokenCheck(HsmWorkers workers) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            try
            {
                foreach (var worker in workers.All()) await worker.Probe().AsTask().WaitAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (KmsException e)
            {
                return HealthCheckResult.Unhealthy(e.Message);
            }
        }
    }
}

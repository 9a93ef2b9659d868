using Net.Pkcs11Interop.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Silo.Admin;

/// <summary>An answer over the admin socket: lines of text while the work goes on, and a last one that says how it ended.</summary>
internal static class AdminAnswer
{
    public const string Progress = "+ ";
    public const string Done = "= ";
    public const string Failed = "! ";

    /// <summary>Does <paramref name="work"/> and answers with what it reports and gives, or with why it could not.</summary>
    public static async Task Write(HttpContext http, Func<Func<string, Task>, Task<string>> work)
    {
        string last;
        try { last = Done + await work(line => Line(http, Progress + line)); }
        catch (Exception e) when (e is StartupException or HsmSetupException or KmsException or IOException or UnauthorizedAccessException or InvalidDataException or System.Data.Common.DbException or TimeoutException)
        {
            last = Failed + e.Message;
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested) { last = $"{Failed}The service was asked to stop; start it, and run this again."; }
        catch (Pkcs11Exception e) { last = $"{Failed}The token failed ({e.Method}: {e.RV}); look at token and module, then run this again."; }
        await Line(http, last);
    }

    private static async Task Line(HttpContext http, string line)
    {
        await http.Response.WriteAsync(line.ReplaceLineEndings(" ") + "\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}

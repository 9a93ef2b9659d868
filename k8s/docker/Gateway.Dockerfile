# syntax=docker/dockerfile:1
# The HTTP gateway. From the root of the repository:
#   docker build --file k8s/docker/Gateway.Dockerfile --tag orleans-kms-gateway:0.1.0 .

FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Gateway/Gateway.csproj --configuration Release --output /publish -p:UseAppHost=false -p:RunAnalyzers=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble AS gateway
# Secrets of callers pass through this process: no debugger and no dump reads its memory.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY --from=build /publish .
# The user of the base image, 1654.
USER $APP_UID
ENTRYPOINT ["dotnet", "/app/Orleans.Kms.Gateway.dll"]

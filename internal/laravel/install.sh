#!/usr/bin/env bash
# Installs what internal/laravel runs on: Debian's Laravel 8 and PHP 8.2 with SQLite. Needs root, does nothing twice.
set -euo pipefail

packages=(php-laravel-framework php8.2-cli php8.2-sqlite3 php8.2-mbstring php8.2-xml)

missing=()
for package in "${packages[@]}"; do
	status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
	[[ $status == installed ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
	echo "laravel: already installed: ${packages[*]}"
	exit 0
fi

echo "laravel: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends "${missing[@]}"
